"""One file that a learner handed in for one exercise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file of one learner for one exercise that will be graded. It is read when its turn comes.

    `learner` is an id, safe to print. `name` is the person's name on a platform, or empty. `origin` is the path of the
    file, safe to print. `late` is true if a platform has marked it as late. `submitted` is when it was handed in (ISO
    8601, or empty). `modified` is the time of the file in seconds since 1970, or 0 in an archive, whose times have no
    zone. `refusal` says why it must not be graded; it is empty for all others. `copy` is the name of the file if it is
    that of a copy; else it is empty. `is_stub` is true if it is the unchanged stub. `graded_as` is the group, or the
    member of it, whose work this is; it is empty for a learner's own work.
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
    is_stub: bool = False
    graded_as: str = ""
