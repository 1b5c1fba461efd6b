"""The facts about a hand-in for the page of its report: the name, the file, the time, and the graded text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.kept_files import places_in_details, unpacked_contents
from grader.batch.task import SHOWN_BYTES
from grader.report.exports import HandedIn
from grader.submission import SubmissionError
from grader.submission.reading import decode_source
from grader.text import for_line


def handed_in_of(
    journal: BatchJournal, graded: Graded, details: Mapping[str, Any], name: str, trust_file_times: bool
) -> HandedIn:
    """Return the facts about a graded hand-in of the person with this name. `details` are those of its entry."""
    file = str(details["origin"]).rpartition("/")[2]
    seconds = details["modified"] if trust_file_times else 0
    when = readable_time(str(details["submitted"] or ""), int(seconds or 0))
    return HandedIn(name, file, when, _graded_text(journal, graded, details))


def readable_time(submitted: str, modified: int = 0) -> str:
    """Return when something was submitted: the time that a platform states, else that of the file if it is known.

    >>> readable_time("2026-11-24T10:05:09.123+01:00"), readable_time("", 1_780_000_000)
    ('2026-11-24 10:05:09 +01:00', '2026-05-28 20:26:40 UTC (time of the file)')
    """
    if submitted:
        try:
            instant = datetime.datetime.fromisoformat(submitted)
        except ValueError:
            return for_line(submitted)
        zone = instant.strftime("%z")
        offset = f" {zone[:3]}:{zone[3:5]}" if zone else ""
        return f"{instant:%Y-%m-%d %H:%M:%S}{' UTC' if offset == ' +00:00' else offset}"
    if not modified:
        return ""
    return f"{datetime.datetime.fromtimestamp(modified, datetime.UTC):%Y-%m-%d %H:%M:%S} UTC (time of the file)"


def _graded_text(journal: BatchJournal, graded: Graded, details: Mapping[str, Any]) -> str | None:
    """Return the text that was graded; None if it is not kept, cannot be decoded, or is too large for a page.

    Only workers read notebooks, within their limits, and this process has no deadline. So the text of a notebook is
    what the worker that graded it took from it.
    """
    places = places_in_details(details)
    if places and places[0].is_notebook:
        return journal.listing(graded.content)
    packed = journal.source(graded.content.sha256) if places else None
    if packed is None:
        return None
    name = places[0].name
    content = unpacked_contents(packed).get(name, b"")
    if not content or len(content) > SHOWN_BYTES:
        return None
    try:
        return decode_source(content, name)
    except SubmissionError:
        return None
