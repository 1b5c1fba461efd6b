"""What lies in a folder of hand-ins: a folder for each learner, or flat files `<learner>_<module>.py`, or both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.batch.run import BatchError, HandIn
from grader.course import Course, Exercise
from grader.submission import read_submission

DEPTH_LIMIT = 6  # alice/exercises/03_dropout/dropout.py is 3 deep
_LITTER = {"__pycache__", "__MACOSX", "node_modules", "venv"}


@dataclass(frozen=True)
class Ignored:
    """A file that is not graded, and why."""

    origin: str
    why: str


def hand_ins(folder: Path, course: Course) -> Iterator[HandIn | Ignored]:
    """Every hand-in below `folder`, sorted, each read only when it is graded. Links are not followed.

    Raises BatchError where the folder cannot be read.
    """
    by_module = {exercise.rubric.module: exercise for exercise in course}
    seen: set[tuple[str, str]] = set()
    for entry in _entries(folder):
        if entry.name.startswith("."):  # also `.._dropout.py`, whose learner would be the folder above
            yield Ignored(entry.name, "is hidden: its name begins with a point")
        elif entry.is_symlink():
            yield Ignored(entry.name, "is a link, and links are not followed")
        elif entry.is_dir():
            if _is_litter(entry.name):
                yield Ignored(entry.name, "is no learner's folder")
                continue
            for path in _files(Path(entry.path), 1):
                module = path.stem if path.suffix == ".py" else ""
                origin = path.relative_to(folder).as_posix()
                if module not in by_module:
                    yield Ignored(origin, _not_wanted(by_module))
                else:
                    yield _first(entry.name, by_module[module], path, origin, seen)
        else:
            learner, _, module = _split(entry.name, by_module)
            if not learner:
                yield Ignored(entry.name, f"{_not_wanted(by_module)}, named <learner>_<module>.py")
            else:
                yield _first(learner, by_module[module], Path(entry.path), entry.name, seen)


def _first(learner: str, exercise: Exercise, path: Path, origin: str, seen: set[tuple[str, str]]) -> HandIn | Ignored:
    if (learner, exercise.key) in seen:
        return Ignored(origin, f"is another file of {learner} for {exercise.key}; the first one is graded")
    seen.add((learner, exercise.key))
    module = exercise.rubric.module
    return HandIn(
        learner, exercise.key, {"origin": origin}, lambda: read_submission(path, exercise.key, module, learner)
    )


def _split(name: str, by_module: dict[str, Exercise]) -> tuple[str, str, str]:
    stem = name.removesuffix(".py")
    for module in sorted(by_module, key=len, reverse=True):
        if name.endswith(".py") and stem.endswith(f"_{module}"):
            return stem.removesuffix(f"_{module}"), "_", module
    return "", "", ""


def _files(folder: Path, depth: int) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_symlink() or _is_litter(entry.name):
            continue
        if not entry.is_dir():
            yield Path(entry.path)
        elif depth < DEPTH_LIMIT:
            yield from _files(Path(entry.path), depth + 1)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise BatchError(f"{folder} cannot be read: {error.strerror}; expected a folder of hand-ins.") from None


def _is_litter(name: str) -> bool:
    return name.startswith(".") or name in _LITTER


def _not_wanted(by_module: dict[str, Exercise]) -> str:
    return f"is no file of an exercise; expected {', '.join(f'{module}.py' for module in sorted(by_module))}"
