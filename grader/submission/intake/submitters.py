"""The submitters in a Gradescope export: its `submission_metadata.yml`, whose keys are Ruby symbols.

submission_123:
  :submitters:
  - :name: Jane Doe
    :sid: '1234'
    :email: jane@example.org
  :created_at: 2026-11-24 10:00:00.000000000 Z
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import yaml

from grader.course.yaml_file import core_loader, refuse_depth
from grader.submission.intake.error import IntakeError

METADATA = "submission_metadata.yml"
METADATA_BYTES_LIMIT = 256 * 1024 * 1024  # it holds all results of an earlier autograder: 30 KiB per submission


def submitters_of(text: str) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Return the people of each folder, as (id, name, time of the submission). Raises IntakeError.

    The id is the student id, else the e-mail address. A name is not an id, because people choose it themselves.
    """
    try:
        refuse_depth(text)
        document = yaml.load(text, _loader())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise IntakeError(f"{METADATA} cannot be read: {str(error).splitlines()[0]}. Export it again.") from None
    if not isinstance(document, dict):
        raise IntakeError(
            f"{METADATA} contains no submissions; expected `submission_<number>:` entries. Export it again."
        )
    people: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for folder, submission in document.items():
        found = _field(submission, "submitters")
        when = _instant(_field(submission, "created_at"))
        listed = found if isinstance(found, list) else []
        people[str(folder)] = tuple(
            (who, str(_field(person, "name") or ""), when)
            for person in listed
            if (who := str(_field(person, "sid") or _field(person, "email") or ""))
        )
    return people


@cache
def _loader() -> Any:
    """Return a loader that reads times as well: Ruby writes them without quotes."""

    class Loader(core_loader()):  # type: ignore[misc]
        pass

    tag = "tag:yaml.org,2002:timestamp"
    pattern = next(pattern for name, pattern in yaml.SafeLoader.yaml_implicit_resolvers["0"] if name == tag)
    Loader.add_implicit_resolver(tag, pattern, list("0123456789"))
    return Loader


def _field(mapping: Any, name: str) -> Any:
    """Return the value under a Ruby symbol, or under the plain name."""
    if not isinstance(mapping, dict):
        return None
    return mapping.get(f":{name}", mapping.get(name))


def _instant(value: Any) -> str:
    """Return a time in ISO 8601, or an empty text. YAML turns a time with a zone into UTC without a zone."""
    if not isinstance(value, datetime.datetime):
        return ""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=datetime.UTC)
    try:
        return aware.astimezone(datetime.UTC).isoformat()
    except OverflowError:  # in UTC it is before the year 1 or after 9999
        return aware.isoformat()
