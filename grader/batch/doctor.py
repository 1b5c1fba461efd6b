"""Is a course fit to be used? Everything that is wrong with it at once, each fault with its file and line.

The stub, the reference and its wrong variants are course files, which we trust: they run in our own process.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import io
import re
import runpy
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks import CheckOutcome, DirectCaller, Verdict
from grader.checks.session import CheckSession
from grader.checks.submission import Caller
from grader.checks.tolerance import loosened
from grader.course import Course, CourseError, Exercise, Fault, Misconception, did_you_mean
from grader.course.yaml_file import line_of
from grader.diagnosis import Diagnosis, Diagnostician, Recorder, by_signs
from grader.report.pages import CheckColumn, KillMatrix, VariantRow
from grader.sandbox.inside.models import begin_again
from grader.scoring import CriterionScore, score

SEEDS = (0, 1, 2, 3, 4)
FEWEST_STYLES = 4
MARGIN = 10
CODE_RUN = 8  # so many tokens in a row are a piece of a solution: fewer are a formula that a lesson states as well

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Checkup:
    """What was found about one exercise. The counts are 0 where its rubric could not be read."""

    key: str
    possible: float
    possible_bonus: float
    criteria: int
    checks: int
    misconceptions: int
    faults: tuple[Fault, ...]
    matrix: KillMatrix | None = None


def examine_folders(course: Course) -> tuple[Fault, ...]:
    """Files that no exercise will ever open, and exercises that share a number."""
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
    exercise: Exercise, seeds: Sequence[int] = SEEDS, thorough: bool = False, left_out: Collection[str] = ()
) -> Checkup:
    """Everything that is wrong with one exercise. Checks `left_out` are not tried on misconceptions.

    Where checks train models, one seed is tried, and misconceptions and other right answers only with `thorough`: each
    takes seconds.
    """
    try:
        rubric = exercise.rubric
    except CourseError as error:
        return Checkup(exercise.key, 0.0, 0.0, 0, 0, 0, error.faults)
    slow = rubric.flavour == "keras"
    tried = tuple(seeds[:1] if slow and not thorough else seeds)
    examination = _Examination(exercise, tried, thorough or not slow, frozenset(left_out))
    with contextlib.redirect_stdout(io.StringIO()):  # what a variant prints while it trains
        faults = tuple(sorted(set(examination.faults())))
    return Checkup(
        key=exercise.key,
        possible=rubric.possible,
        possible_bonus=sum(criterion.points for criterion in rubric.criteria if criterion.bonus),
        criteria=len(rubric.criteria),
        checks=sum(len(criterion.checks) for criterion in rubric.criteria),
        misconceptions=examination.misconceptions_seen,
        faults=faults,
        matrix=examination.matrix,
    )


class _Source:
    """A Python file of the course, parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._tree = ast.parse(self.text, str(path))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in self._tree.body if isinstance(node, ast.FunctionDef)}

    def line_of(self, function: str) -> int:
        return self.functions[function].lineno if function in self.functions else 1


class _Examination:
    """One exercise under examination; `faults` walks from what is cheap to what needs everything before it."""

    def __init__(
        self, exercise: Exercise, seeds: tuple[int, ...], with_misconceptions: bool, left_out: frozenset[str]
    ) -> None:
        self._left_out = left_out
        self._with_misconceptions = with_misconceptions
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._seeds = seeds
        self._trains = self._rubric.flavour == "keras"
        self.misconceptions_seen = 0
        self.matrix: KillMatrix | None = None

    def faults(self) -> Iterator[Fault]:
        """All of them; what rests on something broken is not looked at."""
        exercise = self._exercise
        yield from self._idle_functions()
        broken = [
            fault
            for path in (exercise.stub, exercise.reference_path, exercise.checks_path)
            for fault in _unreadable(path)
        ]
        if broken:
            yield from broken
            return
        try:
            reference = exercise.reference()
        except Exception as error:
            yield _fault_of(error, exercise.reference_path, "cannot be imported")
            return
        missing = [name for name in self._rubric.functions if not callable(getattr(reference, name, None))]
        if missing:
            for name in missing:
                hint = did_you_mean(name, list(vars(reference)))
                yield Fault(exercise.reference_path, 1, f'does not define "{name}", which the rubric lists.{hint}')
            return
        try:
            session = CheckSession(exercise)
        except CourseError as error:
            yield from error.faults
            return
        with session:
            yield from self._orphans(session)
            yield from self._docstrings(session)
            failing = list(self._reference(session, reference))
            yield from failing
            if not failing:
                yield from self._single_precision(session, reference)
            yield from self._styles(session, reference)
            yield from self._hints()
            yield from self._stub(session, reference)
            if not failing:
                wrong = list(self._misconceptions(session, reference))
                yield from wrong
                if not wrong and self.matrix is not None:
                    yield from self._idle_checks(session, self.matrix)

    @cached_property
    def _tree(self) -> Any:
        """The rubric as YAML that knows its lines."""
        from ruamel.yaml import YAML

        return YAML(typ="rt").load(self._exercise.rubric_path.read_text(encoding="utf-8"))

    @cached_property
    def _checks(self) -> _Source:
        return _Source(self._exercise.checks_path)

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
        """Checks without a criterion, criteria without a check, and markers that say something else than the rubric."""
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
                    f'the check "{check}" feeds no criterion of {self._shown(exercise.rubric_path)}.'
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
            complaint = _complaint(ast.get_docstring(node))
            if complaint:
                message = f'the docstring of the check "{check}" {complaint}: it is the line that a learner reads'
                yield Fault(self._exercise.checks_path, node.lineno, message)

    def _reference(self, session: CheckSession, reference: ModuleType) -> Iterator[Fault]:
        """The reference passes every check, bonus or not, whatever the seed."""
        told: set[str] = set()
        for seed in self._seeds:
            for outcome in self._run(session, reference, {}, seed):
                if outcome.verdict is not Verdict.PASSED and outcome.name not in told:
                    told.add(outcome.name)
                    message = (
                        f'the reference does not pass the check "{outcome.name}" with seed {seed}: {_first(outcome)}'
                    )
                    yield Fault(self._exercise.checks_path, self._line_of(outcome.name), message)

    def _single_precision(self, session: CheckSession, reference: ModuleType) -> Iterator[Fault]:
        """Whoever computes in float32 and sums in another order is right."""
        if self._trains:
            return
        rounded = {name: _rounded(getattr(reference, name)) for name in self._rubric.functions}
        for outcome in self._run(session, reference, rounded, self._seeds[0]):
            if outcome.verdict is not Verdict.PASSED:
                message = f'the reference with results in float32 does not pass "{outcome.name}": {_first(outcome)}'
                yield Fault(self._exercise.checks_path, self._line_of(outcome.name), message)

    def _styles(self, session: CheckSession, reference: ModuleType) -> Iterator[Fault]:
        """Right answers of other people, where the course keeps some, earn everything whatever the seed."""
        folder = self._exercise.root / "tests" / "right_answers" / self._exercise.key
        styles = sorted(folder.glob("*.py"))
        if styles and len(styles) < FEWEST_STYLES:
            yield Fault(folder, 1, f"holds {len(styles)} right answers, expected {FEWEST_STYLES} of different taste")
        if not self._with_misconceptions:
            return
        for path in styles:
            try:
                namespace = runpy.run_path(str(path))
            except Exception as error:
                yield _fault_of(error, path, "cannot be imported")
                continue
            functions = {name: namespace[name] for name in self._rubric.functions if callable(namespace.get(name))}
            for seed in self._seeds:
                outcomes = self._run(session, reference, functions, seed, complete=False)
                for one in score(self._rubric, outcomes).criteria:
                    if one.earned < one.possible and not one.criterion.bonus:
                        points = f"earns {one.earned:g} of {one.possible:g} points"
                        message = f'{points} of criterion "{one.criterion.id}" with seed {seed}, expected all'
                        yield Fault(path, 1, message)

    def _hints(self) -> Iterator[Fault]:
        """No hint gives a piece of the solution away."""
        solution = _runs_of_code(self._exercise.reference_path.read_text(encoding="utf-8"))
        for i, criterion in enumerate(self._rubric.criteria):
            for step, text in criterion.hints:
                if given := _given_away(text, solution):
                    line = line_of(self._tree, ("criteria", i, "hints", step))
                    yield Fault(
                        self._exercise.rubric_path, line, f'the hint gives a piece of the solution away: "{given}"'
                    )
        try:
            misconceptions = self._exercise.misconceptions()
        except Exception:  # said where they are tried
            return
        for one in misconceptions:
            for text in (one.question, one.probe, one.name):
                if given := _given_away(text, solution):
                    message = f'a hint of "{one.id}" gives a piece of the solution away: "{given}"'
                    yield Fault(self._exercise.misconceptions_path, 1, message)

    def _stub(self, session: CheckSession, reference: ModuleType) -> Iterator[Fault]:
        """The stub offers every function as the reference does, and earns nothing."""
        path = self._exercise.stub
        source = _Source(path)
        try:
            namespace = runpy.run_path(str(path))
        except Exception as error:
            yield _fault_of(error, path, "cannot be imported")
            return
        functions = {name: namespace[name] for name in self._rubric.functions if callable(namespace.get(name))}
        for name in self._rubric.functions:
            expected = _bare(inspect.signature(getattr(reference, name)))
            if name not in functions:
                hint = did_you_mean(name, [other for other in source.functions if other not in functions])
                yield Fault(path, 1, f'does not define "{name}", which a learner is to write.{hint}')
                continue
            seen = _bare(inspect.signature(functions[name]))
            if seen != expected:
                message = f"{name}{seen} differs from the reference, expected {name}{expected}"
                yield Fault(path, source.line_of(name), message)
        outcomes = self._run(session, reference, functions, self._seeds[0], complete=False)
        yield from self._broken_checks(outcomes, "the stub")
        for one in score(self._rubric, outcomes).criteria:
            if one.earned > 0 and not _has_fault(one):
                message = f'the stub earns {one.earned:g} of {one.possible:g} points of criterion "{one.criterion.id}"'
                yield Fault(path, source.line_of(one.criterion.function), f"{message}, expected none")

    def _misconceptions(self, session: CheckSession, reference: ModuleType) -> Iterator[Fault]:
        """A mistake loses points in the criteria of its own function and nowhere else; a convention loses none."""
        path = self._exercise.misconceptions_path
        try:
            misconceptions = self._exercise.misconceptions()
        except Exception as error:
            yield _fault_of(error, path, "cannot be imported")
            return
        self.misconceptions_seen = len(misconceptions)
        lines = path.read_text(encoding="utf-8").splitlines() if misconceptions else []
        seen: set[str] = set()
        rows: list[VariantRow] = []
        diagnostician = Diagnostician(self._exercise)
        for misconception in misconceptions:
            line = next((n for n, text in enumerate(lines, 1) if f'"{misconception.id}"' in text), 1)
            if misconception.id in seen:
                yield Fault(path, line, f'two misconceptions have the id "{misconception.id}"')
            seen.add(misconception.id)
            if misconception.function not in self._rubric.functions:
                hint = did_you_mean(misconception.function, list(self._rubric.functions))
                message = f'the misconception "{misconception.id}" is about "{misconception.function}", '
                yield Fault(path, line, f"{message}which the rubric does not list.{hint}")
                continue
            if not self._with_misconceptions:
                continue
            replaced = {misconception.function: misconception.variant}
            recorder = self._recorder(reference, replaced)
            caller = recorder if not self._trains else self._direct(reference, replaced)
            outcomes = self._checked(session, caller, reference, self._seeds[0], misconception.function)
            row = _row_of(misconception, outcomes, self._diagnosed(misconceptions, outcomes, recorder, diagnostician))
            rows.append(row)
            if row.failed and not self._trains:
                with loosened(MARGIN):
                    if not any(
                        one.verdict is Verdict.FAILED for one in self._run(session, reference, replaced, self._seeds[0])
                    ):
                        yield Fault(
                            path, line, f'the misconception "{row.id}" passes where tolerances are {MARGIN} times wider'
                        )
            for outcome in outcomes:
                if outcome.verdict is Verdict.FAILED and not _says_something(outcome.message):
                    message = (
                        f'the check "{outcome.name}" fails for "{row.id}" and says neither what it expected '
                        "nor for which input"
                    )
                    yield Fault(self._exercise.checks_path, self._line_of(outcome.name), message)
            if row.diagnosed and row.diagnosed != (row.id,):
                yield Fault(path, line, f'the misconception "{row.id}" is taken for {row.taken_for}')
            yield from self._broken_checks(outcomes, f'the misconception "{misconception.id}"')
            for message in _unfair(misconception, score(self._rubric, outcomes).criteria, self._rubric.needs):
                yield Fault(path, line, message)
        if rows:
            self.matrix = self._matrix_of(session, rows)

    def _diagnosed(
        self,
        misconceptions: Sequence[Misconception],
        outcomes: Sequence[CheckOutcome],
        recorder: Recorder,
        diagnostician: Diagnostician,
    ) -> list[Diagnosis]:
        """What is named, as for a learner's submission."""
        if self._trains:
            return by_signs(misconceptions, outcomes)
        failed = {outcome.name for outcome in outcomes if outcome.verdict is Verdict.FAILED}
        functions = dict.fromkeys(one.function for one in self._rubric.criteria if failed & set(one.checks))
        found = (diagnostician.diagnose(function, recorder.calls.get(function, ())) for function in functions)
        return [one for one in found if one is not None]

    def _matrix_of(self, session: CheckSession, rows: Sequence[VariantRow]) -> KillMatrix:
        criteria = {check: criterion.id for criterion in self._rubric.criteria for check in criterion.checks}
        checks = [
            CheckColumn(check, session.title_of(check), criteria.get(check, ""), session.alone(check))
            for check in session.checks
        ]
        return KillMatrix(self._exercise.key, self._rubric.title, tuple(checks), tuple(rows))

    def _idle_checks(self, session: CheckSession, matrix: KillMatrix) -> Iterator[Fault]:
        """A check that no known mistake fails says why it is there, and one that some mistake fails does not."""
        for check in (one for one in matrix.checks if one.name not in self._left_out):
            line = self._line_of(check.name)
            if check in matrix.idle and not check.alone and session.criterion_marked(check.name):
                message = (
                    f'the check "{check.name}" fails for no misconception; '
                    'expected one, or alone="why it is there" in its marker'
                )
                yield Fault(self._exercise.checks_path, line, message)
            elif check.alone and check not in matrix.idle:
                message = f'the check "{check.name}" says why no misconception fails it, but one does'
                yield Fault(self._exercise.checks_path, line, message)

    def _recorder(self, reference: ModuleType, replaced: Functions) -> Recorder:
        return Recorder(self._direct(reference, replaced))

    def _direct(self, reference: ModuleType, replaced: Functions) -> DirectCaller:
        ours = {name: getattr(reference, name) for name in self._rubric.functions}
        return DirectCaller({**ours, **replaced})

    def _broken_checks(self, outcomes: Sequence[CheckOutcome], on: str) -> Iterator[Fault]:
        for outcome in outcomes:
            if outcome.verdict is Verdict.GRADER_FAULT:
                message = f'the check "{outcome.name}" breaks by itself on {on}: {_first(outcome)}'
                yield Fault(self._exercise.checks_path, self._line_of(outcome.name), message)

    def _run(
        self, session: CheckSession, reference: ModuleType, replaced: Functions, seed: int, *, complete: bool = True
    ) -> tuple[CheckOutcome, ...]:
        """The outcomes for the reference with some functions replaced, or for those functions alone."""
        caller = self._direct(reference, replaced) if complete else DirectCaller(replaced)
        return self._checked(session, caller, reference, seed)

    def _checked(
        self, session: CheckSession, caller: Caller, reference: ModuleType, seed: int, function: str | None = None
    ) -> tuple[CheckOutcome, ...]:
        """The outcomes of all checks; where they train, and only `function` is not ours, of those it has a part in."""
        if not self._trains:
            return session.run(caller, seed, self._direct(reference, {}))
        begin_again(seed)
        if function is None:
            return session.run(caller, seed)
        part = {function, *(name for name, needed in self._rubric.needs.items() if function in needed)}
        tried = [check for one in self._rubric.criteria if one.function in part for check in one.checks]
        # What is left out counts as passed: it takes no points, and its criterion is judged by the others.
        left_out = [
            CheckOutcome(check, session.title_of(check), Verdict.PASSED) for check in tried if check in self._left_out
        ]
        outcomes = session.run(caller, seed, only=[check for check in tried if check not in self._left_out])
        return (*outcomes, *left_out)


def _rounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with results in float32."""

    def single(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(single(part) for part in value)
        is_real = isinstance(value, np.ndarray) and value.dtype == np.float64
        return value.astype(np.float32) if is_real else value

    @functools.wraps(function)
    def rounded(*arguments: Any, **named: Any) -> Any:
        return single(function(*arguments, **named))

    return rounded


def _code_tokens(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*|\d+\.?\d*|[^\s\w]", text)


def _runs_of_code(source: str) -> frozenset[tuple[str, ...]]:
    """Every run of tokens inside the functions of a file, docstrings and comments left out."""
    runs: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            tokens = _code_tokens(ast.unparse(node))
            runs.update(tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return frozenset(runs)


def _given_away(hint: str, solution: frozenset[tuple[str, ...]]) -> str:
    """The first piece of the solution in a hint, empty where there is none."""
    tokens = _code_tokens(hint)
    runs = (tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return next((" ".join(run) for run in runs if run in solution), "")


def _says_something(message: str) -> bool:
    return "expected" in message or "\nfor " in message


def _unreadable(path: Path) -> Iterator[Fault]:
    try:
        _Source(path)
    except FileNotFoundError:
        yield Fault(path, 1, "is missing")
    except OSError as error:
        yield Fault(path, 1, f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        yield Fault(path, error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8")
    except SyntaxError as error:
        yield Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")


def _fault_of(error: Exception, path: Path, what: str) -> Fault:
    """An exception as a fault, on the last line of the file that led to it."""
    if isinstance(error, CourseError):
        return error.faults[0]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines and lines[-1] else 1
    return Fault(path, line, f"{what}: {type(error).__name__}: {error}")


def _complaint(docstring: str | None) -> str:
    """What keeps a check's docstring from being one sentence; nothing where it is one.

    >>> _complaint("Moves the window by `stride` pixels.")
    ''
    >>> _complaint("Moves the window. Twice.")
    'is more than one sentence'
    """
    if not docstring:
        return "is missing"
    line, _, rest = docstring.partition("\n")
    if rest and not rest.startswith("\n"):
        return "does not fit on one line"
    if not line.endswith("."):
        return "does not end with a full stop"
    return "is more than one sentence" if re.search(r"[a-z0-9)`][.!?] +[A-Z]", line) else ""


def _bare(signature: inspect.Signature) -> inspect.Signature:
    """The signature as a caller sees it: names, kinds and defaults."""
    parameters = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return inspect.Signature(parameters)


def _unfair(
    misconception: Misconception, criteria: Sequence[CriterionScore], needs: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    lost = [one.criterion for one in criteria if one.earned < one.possible and not _has_fault(one)]
    name = f'the misconception "{misconception.id}"'
    if misconception.severity == "convention":
        for criterion in lost:
            yield f'{name} is a convention, and loses points in criterion "{criterion.id}"; expected it to cost nothing'
        return
    if not lost:
        yield f"{name} loses no points: no check tells it from the reference"
    for criterion in lost:
        if misconception.function not in (criterion.function, *needs.get(criterion.function, ())):
            yield (
                f'{name} is about "{misconception.function}", and loses points in criterion "{criterion.id}", '
                f'which is about "{criterion.function}"'
            )


def _row_of(
    misconception: Misconception, outcomes: Sequence[CheckOutcome], diagnoses: Sequence[Diagnosis]
) -> VariantRow:
    failed = tuple(one.name for one in outcomes if one.verdict is Verdict.FAILED)
    named: tuple[str, ...] | None = None
    if misconception.severity == "mistake":
        named = tuple(one.id for diagnosis in diagnoses for one in diagnosis.misconceptions)
    return VariantRow(
        misconception.id, misconception.function, misconception.belief, misconception.severity, failed, named
    )


def _has_fault(one: CriterionScore) -> bool:
    return any(outcome.verdict is Verdict.GRADER_FAULT for outcome in one.outcomes)


def _first(outcome: CheckOutcome) -> str:
    return outcome.message.partition("\n")[0] or outcome.verdict.value
