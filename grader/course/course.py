"""A course: folders next to the engine. An exercise has the same key in each of them."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.course.call_family import CallFamily
from grader.course.content import content_hash, data_in, used_files
from grader.course.fault import CourseError, Fault, UnknownExerciseError, did_you_mean
from grader.course.misconception import Form, Misconception
from grader.course.root import is_kit
from grader.course.rubric import Rubric, read_rubric
from grader.course.wrong_program import Patch

DEFAULT_SEED = 2012  # the seed of the course: AlexNet won in this year


@dataclass(frozen=True)
class Exercise:
    """One task of a course, and the paths of its files."""

    key: str
    root: Path

    @property
    def rubric_path(self) -> Path:
        """Return the path of the rubric."""
        return self.root / "rubrics" / f"{self.key}.yaml"

    @cached_property
    def rubric(self) -> Rubric:
        """Read the rubric at the first use. Raises CourseError."""
        rubric = read_rubric(self.rubric_path)
        if rubric.exercise != self.key:
            message = f'`exercise` is "{rubric.exercise}", expected "{self.key}" as in the file\'s name'
            raise CourseError([Fault(self.rubric_path, 1, message)])
        return rubric

    @property
    def stub(self) -> Path:
        """Return the path of the stub, where a learner starts."""
        return self.root / "exercises" / self.key / f"{self.rubric.module}.py"

    @property
    def data(self) -> tuple[Path, ...]:
        """Return the data files next to the stub, which a learner gets with it."""
        return tuple(data_in(self.root / "exercises" / self.key))

    @property
    def reference_path(self) -> Path:
        """Return the path of our solution."""
        return self.root / "solutions" / self.key / f"{self.rubric.module}.py"

    @property
    def signatures_path(self) -> Path:
        """Return the path of a file that defines each function with the signature of the reference."""
        return self.reference_path

    @property
    def compiled_path(self) -> Path:
        """Return the path of what `grade course compile` writes."""
        return self.reference_path.with_name("behaviours.npz")

    @property
    def recorded_seed(self) -> int | None:
        """Return the only seed that an exercise of a kit can be graded with; None for every other exercise."""
        return None

    @property
    def practice_seed(self) -> int:
        """Return the seed with which learners grade their own work, so that practice repeats."""
        return self.recorded_seed or 0

    @property
    def unanswered(self) -> int:
        """Return how many questions had no recorded answer so far: only a kit has such questions."""
        return 0

    @property
    def misconceptions_path(self) -> Path:
        """Return the path of the named wrong variants."""
        return self.root / "solutions" / self.key / "misconceptions.py"

    @property
    def checks_path(self) -> Path:
        """Return the path of the hidden tests."""
        return self.root / "tests" / "hidden" / self.key / f"test_{self.rubric.module}.py"

    @property
    def sights_path(self) -> Path:
        """Return the path of the file that says what a learner sees after grading."""
        return self.checks_path.with_name("sights.py")

    def reference(self) -> ModuleType:
        """Import our solution. It is trusted code and never runs in a learner's process."""
        for path in self._companions():  # it imports other exercises by their plain names, as a submission does
            sys.modules[path.stem] = import_file(path, path.stem)
        return import_file(self.reference_path, self.rubric.module)

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the named wrong variants of the reference; empty if the course has no file with them."""
        if not self.misconceptions_path.is_file():
            return ()
        module = import_file(self.misconceptions_path, "misconceptions")
        return tuple(module.MISCONCEPTIONS)

    @property
    def calls_path(self) -> Path:
        """Return the path of the families of calls."""
        return self.root / "solutions" / self.key / "calls.py"

    def calls(self) -> Mapping[str, CallFamily]:
        """Return the family of calls of each function; empty if the course has no file with them."""
        if not self.calls_path.is_file():
            return {}
        return dict(import_file(self.calls_path, "calls").CALLS)

    def taste_path(self, name: str) -> Path:
        """Return the path of a right program that patches change."""
        return self.root / "solutions" / self.key / "tastes" / f"{name}.py"

    def program(self, function: str, form: Form) -> Callable[..., Any]:
        """Return one of our wrong programs as a function. Raises PatchError if it is a patch that does not apply."""
        from grader.course.taste import compile_patch

        return compile_patch(self.taste_path(form.taste), function, form) if isinstance(form, Patch) else form

    def read_ahead(self) -> None:
        """Begin to read what an explanation of a failure will need. Only a kit has much to read."""

    def content_hash(self) -> str:
        """Return the SHA-256 of everything that changes a report, and of the engine's version.

        The stub changes no report, and in a checkout it is the file that a learner edits.
        """
        return content_hash(*self._used())

    def used_files(self) -> dict[Path, bytes]:
        """Return everything of the course that changes a report, by path. Raises CourseError."""
        return used_files(*self._used())

    def _used(self) -> tuple[Path, list[Path], list[Path], Path, list[Path]]:
        """Return the arguments of `used_files`."""
        folders = [self.root / tree / self.key for tree in ("exercises", "solutions", "tests/hidden")]
        companions = self._companions()
        folders_of_companions = [path.parent for path in companions]
        return self.root, folders, [self.rubric_path, *companions], self.stub, folders_of_companions

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
        """Return the exercise with this name: `3`, `03`, `03_dropout` or `dropout`.

        Raises UnknownExerciseError, which lists the names of the course.
        """
        wanted = name.strip().lower().removesuffix(".py")
        for exercise in self.exercises:
            number, _, title = exercise.key.partition("_")
            names = {exercise.key, title, title.replace("_", "-")}
            if wanted in names or (wanted.isdecimal() and int(wanted) == int(number)):
                return exercise
        keys = [exercise.key for exercise in self.exercises]
        titles = [key.partition("_")[2] for key in keys]
        like = next((title for title in titles if wanted and wanted in title), "")
        hint = did_you_mean(wanted, keys + titles) or (f' Did you mean "{like}"?' if like else "")
        raise UnknownExerciseError(f'There is no exercise "{name}".{hint} This course has: {", ".join(keys)}.')


def load_course(root: Path) -> Course:
    """Return the course or the kit in a folder. Its rubrics are read at their first use. Raises CourseError."""
    root = root.resolve()
    if is_kit(root):
        from grader.course.kit import kit_exercises

        return Course(root, kit_exercises(root))
    rubrics = root / "rubrics"
    keys = sorted(path.stem for path in rubrics.glob("[0-9][0-9]_*.yaml")) if rubrics.is_dir() else []
    if not keys:
        message = "is not a course: expected rubrics in `rubrics/NN_name.yaml` below it"
        raise CourseError(
            [Fault(root, 0, message if root.is_dir() else "does not exist; expected the folder of a course")]
        )
    return Course(root, tuple(Exercise(key, root) for key in keys))


def import_file(path: Path, name: str) -> ModuleType:
    """Import a trusted course file once.

    It is imported in its own package, so that `from .dropout import dropout` finds the file next to it.
    """
    if not path.is_file():
        raise CourseError([Fault(path, 1, "is missing")])
    package = f"cnn_grader_course_{hashlib.sha256(bytes(path.parent)).hexdigest()[:12]}"
    if package not in sys.modules:
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = [str(path.parent)]
    return importlib.import_module(f"{package}.{name}")
