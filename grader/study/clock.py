"""The clock of a learner's record.

It stays within the years that a record can hold, so that every entry can be read again, whatever the machine's clock
says. It may still be wrong: `corrected` changes the times of entries that were written while the clock was ahead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

from grader.study.record_entry import LATEST_MS, Event, Review

LATEST_SECONDS = LATEST_MS // 1000 - 86_400  # a day less: a review log moves equal times apart by a millisecond
AHEAD_MS = 86_400_000  # a clock that takes local time for UTC is up to 14 hours ahead

Clock = Callable[[], float]
Entry = TypeVar("Entry", Review, Event)


def seconds_now() -> float:
    """Return the seconds since 1970, within what a record can hold."""
    try:
        return float(min(max(time.time(), 0), LATEST_SECONDS))
    except OverflowError:  # Python counts nanoseconds in 64 bits, which end in April 2262
        return float(LATEST_SECONDS)


def milliseconds_now() -> int:
    """Return the milliseconds since 1970, within what a record can hold."""
    return int(seconds_now() * 1000)


def today() -> date:
    """Return the local day."""
    return datetime.fromtimestamp(seconds_now(), UTC).astimezone().date()


def is_ahead(entry: Review | Event, at_ms: int) -> bool:
    """Return True if the time of the entry is so far after `at_ms` that one of the two clocks was wrong."""
    return entry.ts_ms > at_ms + AHEAD_MS


def corrected(entries: Iterable[Entry], at_ms: int, noticed: Callable[[], Mapping[str, int]]) -> list[Entry]:
    """Return the entries, oldest first. An entry that is ahead of `at_ms` gets the time at which this was noticed.

    `noticed` returns these times by the entries' ids. An entry that is not in it is noticed now.
    """
    found = list(entries)
    if any(is_ahead(entry, at_ms) for entry in found):
        known = noticed()
        found = [
            replace(entry, ts_ms=known.get(entry.id, at_ms)) if is_ahead(entry, at_ms) else entry for entry in found
        ]
        found.sort(key=lambda entry: entry.ts_ms)  # entries of one time stay in the order in which they were written
    return found
