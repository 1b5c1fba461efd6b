"""Which exercise a file belongs to, told by its name alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import did_you_mean
from grader.submission.intake.ignored import Kind

_COPY = re.compile(r"(?:-(?P<dashed>[0-9]{1,3})| ?\((?P<bracketed>[0-9]{1,3})\))\Z")
_SUFFIXES = (".py", ".ipynb")
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz")


@dataclass(frozen=True, slots=True)
class ExerciseName:
    """What the intake knows of an exercise: its key, and the module that a learner hands in."""

    key: str
    module: str


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that belongs to an exercise.

    `dropout-1.py` is attempt 2: so Canvas (`Attachment.make_unique_filename`) and so `dropout (1).py` browsers name a
    file whose name was taken.
    """

    exercise: ExerciseName
    attempt: int
    is_notebook: bool
    is_exact: bool  # written as the exercise writes it, not `Dropout.py`


class ExerciseNames:
    """The exercises of a course, found by file names."""

    def __init__(self, exercises: Sequence[ExerciseName]) -> None:
        self._by_module: dict[str, list[ExerciseName]] = {}
        for exercise in exercises:
            self._by_module.setdefault(exercise.module.casefold(), []).append(exercise)
        self._keys = {exercise.key.casefold() for exercise in exercises}
        self._longest_first = sorted(self._by_module, key=len, reverse=True)
        self.wanted = ", ".join(sorted({f"{exercise.module}.py" for exercise in exercises})) or "no file"

    def is_course_folder(self, name: str) -> bool:
        """Whether a folder of this name lies within a learner's work and so is no learner."""
        folded = name.casefold()
        return folded in self._keys or folded in self._by_module or folded in ("exercises", "src", "notebooks")

    def find(self, inside: Sequence[str]) -> NamedFile | str:
        """The exercise of a file at `inside` of a learner's work, or why there is none."""
        name = inside[-1]
        stem, suffix = _split(name)
        if suffix not in _SUFFIXES:
            return f"is not an exercise file; expected {self.wanted}"
        module_stem, attempt = next((one for one in _attempts(stem) if one[0].casefold() in self._by_module), (stem, 0))
        exercises = self._by_module.get(module_stem.casefold(), [])
        if not exercises:
            hint = did_you_mean(f"{stem}.py".lower(), [f"{module}.py" for module in self._by_module])
            return f"is not an exercise file; expected {self.wanted}.{hint}"
        exercise = _only(exercises, inside[:-1])
        if exercise is None:
            keys = " and ".join(f'"{one.key}"' for one in exercises)
            return f"could belong to {keys}; put it into a folder of that name"
        exact = module_stem == exercise.module
        return NamedFile(exercise, attempt, suffix == ".ipynb", exact)

    def no_source(self, inside: Sequence[str]) -> tuple[str, Kind]:
        """Return why a file that is not source is not graded, and "refused" if an instructor should see it."""
        if _split(inside[-1])[1] in _ARCHIVES:
            return "is an archive within the hand-in, which is not opened: unpack it and hand in its files", "refused"
        return f"is not an exercise file; expected {self.wanted}", "other"

    def split_flat(self, name: str) -> tuple[str, str] | None:
        """Learner and file of a name such as `ada_l_batch_norm.py`; None where it has no such form."""
        stem, suffix = _split(name)
        if suffix not in _SUFFIXES:
            return None
        for candidate, _ in _attempts(stem):
            for module in self._longest_first:
                learner = candidate[: -len(module) - 1]
                if learner and candidate[len(learner) :].casefold() == f"_{module}":
                    return learner, name[len(learner) + 1 :]
        return None


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, f".{suffix.lower()}") if dot else (name, "")


def _attempts(stem: str) -> list[tuple[str, int]]:
    """The module that a stem may mean, with the attempt: as it stands, or without the number of a copy."""
    copy = _COPY.search(stem)
    if copy is None:
        return [(stem, 1)]
    return [(stem, 1), (stem[: copy.start()], int(copy["dashed"] or copy["bracketed"]) + 1)]


def _only(exercises: Sequence[ExerciseName], folders: Sequence[str]) -> ExerciseName | None:
    if len(exercises) == 1:
        return exercises[0]
    folded = {folder.casefold() for folder in folders}
    named = [exercise for exercise in exercises if exercise.key.casefold() in folded]
    return named[0] if len(named) == 1 else None
