"""Whose a file is, told by where it lies: the forms in which learning platforms and teachers keep hand-ins.

- Canvas, flat: `doejane_LATE_1234_98765_dropout-1.py` (canvas-lms, `lib/submission_zip` and `Attachment#zip`);
- Moodle, a folder or a flat file: `Jane Doe_123_assignsubmission_file_/dropout.py`, without the last `_` since 4.0;
- Gradescope: `submission_123/dropout.py` beside a `submission_metadata.yml` that says whose it is;
- GitHub Classroom: clones named `<assignment>-<user>`;
- by hand: `jane/03_dropout/dropout.py`, or flat `jane_dropout.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.submission.intake.exercise_name import ExerciseNames

_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)", re.DOTALL)
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?", re.DOTALL
)
_GRADESCOPE = re.compile(r"submission_\d+")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a file is.

    `learner` is the id as the platform knows it, `name` what it calls the person, `inside` the path within the
    person's work, `rank` is larger for a newer hand-in; `submitted` an instant in ISO 8601 or empty.
    """

    learner: str
    name: str
    inside: tuple[str, ...]
    platform: str
    late: bool = False
    rank: int = 0
    submitted: str = ""


@dataclass(frozen=True)
class Layout:
    """What is known of a whole folder or archive before its files are told apart.

    `base` is how many folders all of it lies in; `submitters` the owners of a folder of Gradescope's export;
    `clone_of` gives the depth of the clone that a path lies in, or 0; `clone_prefix` is what all clones begin with.
    """

    names: ExerciseNames
    base: int = 0
    submitters: dict[str, tuple[tuple[str, str, str], ...]] | None = None
    clone_of: Callable[[tuple[str, ...]], int] = lambda _: 0
    clone_prefix: str = ""

    def owners(self, parts: tuple[str, ...]) -> list[Owner] | str:
        """The people who handed a file in, or why nobody did."""
        below = parts[self.base :]
        depth = self.clone_of(parts)
        if depth:
            repository = parts[depth - 1]
            return [Owner(repository.removeprefix(self.clone_prefix) or repository, "", parts[depth:], "github")]
        if self.submitters is not None and _GRADESCOPE.fullmatch(below[0]):
            return self._gradescope(below)
        moodle = _MOODLE.fullmatch(below[0])
        if moodle is not None:
            return self._moodle(moodle, below)
        if len(below) > 1:
            return [Owner(below[0], "", below[1:], "folders")]
        canvas = _CANVAS.fullmatch(below[0])
        if canvas is not None:
            late, submission = bool(canvas["late"]), int(canvas["submission"])
            return [Owner(canvas["user"], canvas["name"], (canvas["file"],), "canvas", late, submission)]
        flat = self.names.split_flat(below[0])
        if flat is None:
            return f"is no hand-in: expected a folder for each learner, or <learner>_<module>.py ({self.names.wanted})"
        return [Owner(flat[0], "", (flat[1],), "flat")]

    def _gradescope(self, below: tuple[str, ...]) -> list[Owner] | str:
        found = (self.submitters or {}).get(below[0])
        if not found:
            return f"lies in {below[0]}, of which submission_metadata.yml knows no submitter"
        if len(below) == 1:
            return "is a file where a folder of a submission is due"
        return [Owner(who, name, below[1:], "gradescope", submitted=when) for who, name, when in found]

    def _moodle(self, match: re.Match[str], below: tuple[str, ...]) -> list[Owner] | str:
        if match["kind"] == "onlinetext":
            return "is text typed into Moodle, expected a file"
        inside = below[1:] if len(below) > 1 else (match["file"] or "",)
        return [Owner(match["number"], match["name"], inside, "moodle")]


def names_a_learner(folder: str) -> bool:
    """Whether a platform has written a person or a submission into the name of a folder."""
    return bool(_MOODLE.fullmatch(folder) or _GRADESCOPE.fullmatch(folder))
