"""Examine a course: report everything that is wrong with it at once, each fault with its file and line.

The stub, the reference and its wrong variants are trusted course files, so they run in our own process. A learner could
hand in the stub, the reference and right answers, so these are also graded in the sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import os
import runpy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.authoring.compilation import is_current
from grader.authoring.course_source import Source, bare, complaint, fault_of, given_away, runs_of_code, unreadable
from grader.authoring.patches import patch_faults, place_of
from grader.authoring.rehearsal import Rehearsal
from grader.authoring.trials import Trials, first, rounded
from grader.authoring.unearned import unearned
from grader.authoring.variants import Variants
from grader.checks import Verdict
from grader.checks.session import CheckSession
from grader.course import Course, CourseError, Exercise, Fault, did_you_mean
from grader.course.yaml_file import line_of, tree_of
from grader.diagnosis.behaviours import behaviours_path
from grader.grading.worker import MissingPackageError
from grader.report.pages import KillMatrix
from grader.sandbox import IsolationError
from grader.sandbox.flavours import FLAVOURS

SEEDS = tuple(range(5))
THOROUGH_SEEDS = tuple(range(20))
FEWEST_STYLES = 4


@dataclass(frozen=True)
class Checkup:
    """The result for one exercise. The counts are 0 if its rubric cannot be read."""

    key: str
    possible: float
    possible_bonus: float
    criteria: int
    checks: int
    misconceptions: int
    faults: tuple[Fault, ...]
    matrix: KillMatrix | None = None
    fallback: str = ""
    """The reason why course files ran in plain processes; empty if they ran in namespaces."""


def examine_folders(course: Course) -> tuple[Fault, ...]:
    """Report files that belong to no exercise, and exercises with the same number."""
    keys = [exercise.key for exercise in course]
    faults = []
    for tree in ("exercises", "solutions", "tests/hidden"):
        for folder in sorted((course.root / tree).glob("[0-9]*_*")):
            if folder.is_dir() and folder.name not in keys:
                hint = did_you_mean(folder.name, keys)
                faults.append(Fault(folder, 1, f"there is no rubrics/{folder.name}.yaml for it.{hint}"))
    faults.extend(
        Fault(path, 1, "is not read: expected a name such as 03_dropout.yaml")
        for path in sorted((course.root / "rubrics").iterdir())
        if path.suffix in (".yaml", ".yml") and path.stem not in keys
    )
    numbers: dict[str, Exercise] = {}
    for exercise in course:
        other = numbers.setdefault(exercise.key[:2], exercise)
        if other is not exercise:
            faults.append(Fault(exercise.rubric_path, 1, f"has the same number as {other.key}"))
    return tuple(faults)


def examine(
    exercise: Exercise, seeds: Sequence[int] = (), thorough: bool = False, left_out: Collection[str] = ()
) -> Checkup:
    """Find everything that is wrong with one exercise. Checks in `left_out` are not tried on misconceptions.

    Right answers are graded with all `seeds`. The default is five seeds, or twenty with `thorough`. If checks train
    models, each trial takes seconds. Then the default is one seed, or five with `thorough`, and misconceptions and
    other right answers are tried only with `thorough`.
    """
    try:
        rubric = exercise.rubric
    except CourseError as error:
        return Checkup(exercise.key, 0.0, 0.0, 0, 0, 0, error.faults)
    uses_keras = FLAVOURS[rubric.flavour].uses_keras
    if uses_keras:
        _import_in_silence("tensorflow")
    fewer, more = (SEEDS[:1], SEEDS) if uses_keras else (SEEDS, THOROUGH_SEEDS)
    tried = tuple(seeds) or (more if thorough else fewer)
    examination = _Examination(exercise, tried, thorough or not uses_keras, frozenset(left_out))
    with contextlib.redirect_stdout(io.StringIO()):  # a variant may print while it trains
        return examination.checkup()


def _import_in_silence(package: str) -> None:
    """Import a package that always writes to descriptor 2. A missing package is reported later."""
    kept, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    try:
        with contextlib.suppress(ImportError):
            importlib.import_module(package)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)


class _Examination:
    """One exercise under examination, from what is cheap to what needs everything before it."""

    def __init__(
        self, exercise: Exercise, seeds: tuple[int, ...], with_misconceptions: bool, left_out: frozenset[str]
    ) -> None:
        self._left_out = left_out
        self._with_misconceptions = with_misconceptions
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._seeds = seeds

    def checkup(self) -> Checkup:
        """Return all faults, except those that need something that is broken."""
        exercise = self._exercise
        faults = list(self._idle_functions())
        try:
            reference, session = self._load()
        except CourseError as error:
            return self._checkup([*faults, *error.faults])
        faults += [*self._orphans(session), *self._docstrings(session)]
        try:
            with Rehearsal(exercise, session.checks, self._line_of) as rehearsal:
                fallback = rehearsal.fallback
                failing = list(rehearsal.reference(self._seeds))
                faults += [*self._styles(rehearsal), *self._stub(rehearsal, reference)]
        except (IsolationError, MissingPackageError) as error:
            cannot_run = Fault(exercise.reference_path, 1, f"cannot be run in a sandbox: {error}")
            return self._checkup([*faults, cannot_run])
        failing += patch_faults(exercise, reference)
        faults += [*self._hints(), *failing]
        if failing:
            return self._checkup(faults, fallback)
        trials = Trials(exercise, session, reference, self._left_out)
        faults += self._single_precision(trials, reference)
        if self._with_misconceptions:
            faults += unearned(trials, self._seeds)
        if not is_current(exercise):
            number = int(exercise.key[:2])
            outdated = f"is missing or outdated, so that diagnosis is slow. Run: grade course compile {number}"
            faults.append(Fault(behaviours_path(exercise), 1, outdated))
        wrong, matrix = self._examine_variants(trials)
        return self._checkup([*faults, *wrong], fallback, len(exercise.misconceptions()), matrix)

    def _checkup(
        self, faults: Sequence[Fault], fallback: str = "", misconceptions: int = 0, matrix: KillMatrix | None = None
    ) -> Checkup:
        criteria = self._rubric.criteria
        return Checkup(
            key=self._exercise.key,
            possible=self._rubric.possible,
            possible_bonus=sum(criterion.points for criterion in criteria if criterion.bonus),
            criteria=len(criteria),
            checks=sum(len(criterion.checks) for criterion in criteria),
            misconceptions=misconceptions,
            faults=tuple(sorted(set(faults))),
            matrix=matrix,
            fallback=fallback,
        )

    def _load(self) -> tuple[ModuleType, CheckSession]:
        """Import the reference and the misconceptions, and collect the checks. Raises CourseError."""
        exercise = self._exercise
        paths = (exercise.stub, exercise.reference_path, exercise.checks_path)
        if broken := [fault for path in paths for fault in unreadable(path)]:
            raise CourseError(broken)
        try:
            reference = exercise.reference()
        except Exception as error:
            raise CourseError([fault_of(error, exercise.reference_path, "cannot be imported")]) from None
        missing = [name for name in self._rubric.functions if not callable(getattr(reference, name, None))]
        if missing:
            known = list(vars(reference))
            raise CourseError(
                Fault(
                    exercise.reference_path,
                    1,
                    f'does not define "{name}", which the rubric lists.{did_you_mean(name, known)}',
                )
                for name in missing
            )
        try:
            exercise.misconceptions()
        except Exception as error:
            raise CourseError([fault_of(error, exercise.misconceptions_path, "cannot be imported")]) from None
        return reference, CheckSession(exercise)

    def _examine_variants(self, trials: Trials) -> tuple[list[Fault], KillMatrix | None]:
        """Return what is wrong with the misconceptions, and their kill matrix if any was tried."""
        variants = Variants(self._exercise, trials, self._seeds[0])
        faults = list(variants.examine_names())
        reports = variants.examine_all() if self._with_misconceptions else ()
        faults += [fault for report in reports for fault in report.faults]
        matrix = variants.matrix_of(reports) if reports else None
        if matrix is not None:
            faults += variants.too_costly(matrix)
        if matrix is not None and not faults:
            faults += variants.idle_checks(matrix)
        return faults, matrix

    @cached_property
    def _tree(self) -> Any:
        """The rubric as YAML with line numbers."""
        return tree_of(self._exercise.rubric_path)

    @cached_property
    def _checks(self) -> Source:
        return Source(self._exercise.checks_path)

    def _line_of(self, check: str) -> int:
        return self._checks.line_of(check)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._exercise.root).as_posix()

    def _idle_functions(self) -> Iterator[Fault]:
        used = {criterion.function for criterion in self._rubric.criteria}
        for name in self._rubric.functions:
            if name not in used:
                line = line_of(self._tree, ("functions", name))
                yield Fault(self._exercise.rubric_path, line, f'no criterion is about the function "{name}"')

    def _orphans(self, session: CheckSession) -> Iterator[Fault]:
        """Report checks without a criterion, criteria without a check, and markers that contradict the rubric."""
        rubric, exercise = self._rubric, self._exercise
        unclaimed = [check for check in session.checks if rubric.criterion_of(check) is None]
        for i, criterion in enumerate(rubric.criteria):
            for j, check in enumerate(criterion.checks):
                if check not in session.checks:
                    yield Fault(
                        exercise.rubric_path,
                        line_of(self._tree, ("criteria", i, "checks", j)),
                        f'criterion "{criterion.id}" lists the check "{check}", which '
                        f"{self._shown(exercise.checks_path)} does not define.{did_you_mean(check, unclaimed)}",
                    )
        listed = [check for criterion in rubric.criteria for check in criterion.checks]
        for check in session.checks:
            line, owner = self._line_of(check), rubric.criterion_of(check)
            marked = session.criterion_marked(check)
            if owner is None:
                missing = [name for name in listed if name not in session.checks]
                yield Fault(
                    exercise.checks_path,
                    line,
                    f'the check "{check}" belongs to no criterion of {self._shown(exercise.rubric_path)}.'
                    + did_you_mean(check, missing),
                )
            elif marked is None:
                yield Fault(
                    exercise.checks_path,
                    line,
                    f'the check "{check}" has no marker, expected @pytest.mark.criterion("{owner.id}")',
                )
            elif marked != owner.id:
                yield Fault(
                    exercise.checks_path,
                    line,
                    f'the check "{check}" is marked with the criterion "{marked}", '
                    f'and {self._shown(exercise.rubric_path)} lists it under "{owner.id}"',
                )

    def _docstrings(self, session: CheckSession) -> Iterator[Fault]:
        for check in session.checks:
            node = self._checks.functions.get(check)
            if node is None:
                continue
            complains = complaint(ast.get_docstring(node))
            if complains:
                message = f'the docstring of the check "{check}" {complains}: it is the line that a learner reads'
                yield Fault(self._exercise.checks_path, node.lineno, message)

    def _single_precision(self, trials: Trials, reference: ModuleType) -> Iterator[Fault]:
        """Report each check that fails if the results are in float32, which is a right answer."""
        if trials.uses_keras:
            return
        in_single = {name: rounded(getattr(reference, name)) for name in self._rubric.functions}
        for outcome in trials.run(in_single, self._seeds[0]):
            if outcome.verdict is not Verdict.PASSED:
                message = f'the reference with results in float32 does not pass "{outcome.name}": {first(outcome)}'
                yield trials.fault_of_check(outcome.name, message)

    def _styles(self, rehearsal: Rehearsal) -> Iterator[Fault]:
        """Report each alternative right answer of the course that does not earn all points with every seed."""
        folder = self._exercise.root / "tests" / "right_answers" / self._exercise.key
        styles = sorted(folder.glob("*.py"))
        if styles and len(styles) < FEWEST_STYLES:
            message = f"contains {len(styles)} right answers, expected {FEWEST_STYLES} in different styles"
            yield Fault(folder, 1, message)
        if not self._with_misconceptions:
            return
        for path in styles:
            yield from rehearsal.right_answer(path, self._seeds)

    def _hints(self) -> Iterator[Fault]:
        """Report each hint that contains a piece of the solution."""
        solution = runs_of_code(self._exercise.reference_path.read_text(encoding="utf-8"))
        for i, criterion in enumerate(self._rubric.criteria):
            for step, text in criterion.hints:
                if given := given_away(text, solution):
                    line = line_of(self._tree, ("criteria", i, "hints", step))
                    yield Fault(
                        self._exercise.rubric_path, line, f'the hint contains a piece of the solution: "{given}"'
                    )
        for one in self._exercise.misconceptions():
            for text in (one.question, one.probe, one.name):
                if given := given_away(text, solution):
                    message = f'a hint of "{one.id}" contains a piece of the solution: "{given}"'
                    yield Fault(*place_of(self._exercise, one.id), message)

    def _stub(self, rehearsal: Rehearsal, reference: ModuleType) -> Iterator[Fault]:
        """Report each function with a different signature than the reference, and each criterion that earns points."""
        path = self._exercise.stub
        source = Source(path)
        try:
            namespace = runpy.run_path(str(path))
        except Exception as error:
            yield fault_of(error, path, "cannot be imported")
            return
        functions = {name: namespace[name] for name in self._rubric.functions if callable(namespace.get(name))}
        for name in self._rubric.functions:
            expected = bare(inspect.signature(getattr(reference, name)))
            if name not in functions:
                hint = did_you_mean(name, [other for other in source.functions if other not in functions])
                yield Fault(path, 1, f'does not define "{name}", which a learner must write.{hint}')
                continue
            seen = bare(inspect.signature(functions[name]))
            if seen != expected:
                message = f"{name}{seen} differs from the reference, expected {name}{expected}"
                yield Fault(path, source.line_of(name), message)
        yield from rehearsal.stub(self._seeds[0], source.line_of)
