"""One file that a learner handed in for one exercise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandIn:
    """What is graded of one learner for one exercise; it is read when its turn comes.

    `learner` is an id, safe to print; `name` what a platform calls the person, or empty; `origin` where the file lies,
    safe to print. `late` says that a platform has marked it, `submitted` when it was handed in (ISO 8601, or empty),
    `modified` the time of the file in seconds since 1970, or 0 in an archive, whose times have no zone. `refusal` says
    why it must not be graded; it is empty for all others. `copy` is the name of the file if it is that of a copy; else
    it is empty.
    """

    learner: str
    name: str
    exercise: str
    origin: str
    platform: str
    late: bool
    submitted: str
    modified: int
    is_notebook: bool
    parts: tuple[str, ...]
    locator: str
    refusal: str = ""
    copy: str = ""
