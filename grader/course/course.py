"""A course: the folders beside the engine, opened by the same key in each."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from grader.course.content import content_hash, data_in
from grader.course.fault import CourseError, Fault, UnknownExerciseError, did_you_mean
from grader.course.misconception import Misconception
from grader.course.rubric import Rubric, read_rubric

DEFAULT_SEED = 2012  # the course's own seed: the year in which AlexNet won


@dataclass(frozen=True)
class Exercise:
    """One task of a course and where its files are."""

    key: str
    root: Path

    @property
    def rubric_path(self) -> Path:
        return self.root / "rubrics" / f"{self.key}.yaml"

    @cached_property
    def rubric(self) -> Rubric:
        """Read when first asked for; raises CourseError."""
        rubric = read_rubric(self.rubric_path)
        if rubric.exercise != self.key:
            message = f'`exercise` is "{rubric.exercise}", expected "{self.key}" as in the file\'s name'
            raise CourseError([Fault(self.rubric_path, 1, message)])
        return rubric

    @property
    def stub(self) -> Path:
        return self.root / "exercises" / self.key / f"{self.rubric.module}.py"

    @property
    def data(self) -> tuple[Path, ...]:
        """The files of data beside the stub, which a learner is given with it."""
        return tuple(data_in(self.root / "exercises" / self.key))

    @property
    def reference_path(self) -> Path:
        return self.root / "solutions" / self.key / f"{self.rubric.module}.py"

    @property
    def misconceptions_path(self) -> Path:
        return self.root / "solutions" / self.key / "misconceptions.py"

    @property
    def checks_path(self) -> Path:
        """The file of the hidden tests."""
        return self.root / "tests" / "hidden" / self.key / f"test_{self.rubric.module}.py"

    def reference(self) -> ModuleType:
        """Our solution, imported. Trusted code: it never meets a learner's process."""
        for path in self._companions():  # it imports our solutions of other exercises by their plain names
            if str(path.parent) not in sys.path:
                sys.path.append(str(path.parent))
        return import_file(self.reference_path, self.rubric.module)

    def misconceptions(self) -> tuple[Misconception, ...]:
        """The named wrong variants of the reference; none where the course has no file of them."""
        if not self.misconceptions_path.is_file():
            return ()
        module = import_file(self.misconceptions_path, "misconceptions")
        return tuple(module.MISCONCEPTIONS)

    def content_hash(self) -> str:
        """Return the SHA-256 of everything that decides a report, and of the engine's version.

        The stub decides nothing, and in a checkout it is the file that a learner edits.
        """
        folders = [self.root / tree / self.key for tree in ("exercises", "solutions", "tests/hidden")]
        companions = self._companions()
        return content_hash(
            self.root, folders, [self.rubric_path, *companions], self.stub, [path.parent for path in companions]
        )

    def _companions(self) -> list[Path]:
        """Return the reference solutions of the exercises whose modules submissions to this one import."""
        solutions = self.root / "solutions"
        return [path for name in self.rubric.companions for path in sorted(solutions.glob(f"*/{name}.py"))]


@dataclass(frozen=True)
class Course:
    """A folder with `exercises/`, `solutions/`, `rubrics/` and `tests/hidden/`."""

    root: Path
    exercises: tuple[Exercise, ...]

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self.exercises)

    def find(self, name: str) -> Exercise:
        """The exercise that `name` means: `3`, `03`, `03_dropout` or `dropout`.

        Raises UnknownExerciseError with the names there are.
        """
        wanted = name.strip().lower().removesuffix(".py")
        for exercise in self.exercises:
            number, _, title = exercise.key.partition("_")
            names = {exercise.key, title, title.replace("_", "-")}
            if wanted in names or (wanted.isdecimal() and int(wanted) == int(number)):
                return exercise
        keys = [exercise.key for exercise in self.exercises]
        titles = [key.partition("_")[2] for key in keys]
        hint = did_you_mean(wanted, keys + titles)
        raise UnknownExerciseError(f'There is no exercise "{name}".{hint} This course has: {", ".join(keys)}.')


def load_course(root: Path) -> Course:
    """The course in a folder; its rubrics are read when they are first needed. Raises CourseError."""
    root = root.resolve()
    rubrics = root / "rubrics"
    keys = sorted(path.stem for path in rubrics.glob("[0-9][0-9]_*.yaml")) if rubrics.is_dir() else []
    if not keys:
        message = "is not a course: expected rubrics in `rubrics/NN_name.yaml` below it"
        raise CourseError([Fault(root, 1, message)])
    return Course(root, tuple(Exercise(key, root) for key in keys))


def import_file(path: Path, name: str) -> ModuleType:
    """Import a trusted course file once, inside a package of its own, so that `from .dropout import dropout` finds
    its sibling.
    """
    if not path.is_file():
        raise CourseError([Fault(path, 1, "is missing")])
    package = f"cnn_grader_course_{hashlib.sha256(bytes(path.parent)).hexdigest()[:12]}"
    if package not in sys.modules:
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = [str(path.parent)]
    return importlib.import_module(f"{package}.{name}")
