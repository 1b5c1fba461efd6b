"""Grade course files like a learner's file: in the sandbox, over the wire, with the same imports allowed.

A file that is right in our own process may fail in the sandbox: an argument cannot be sent, a result cannot be
returned, an import is refused. That would cost every learner points.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.authoring.trials import first
from grader.checks import Verdict
from grader.course import Exercise, Fault
from grader.grading.worker import Worker
from grader.sandbox import Isolation
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Submission, read_submission

if TYPE_CHECKING:
    from grader.report import Report
    from grader.report.report import CheckReport


class Rehearsal:
    """Grades files of one exercise. Without namespaces on this machine, it uses plain processes."""

    def __init__(self, exercise: Exercise, checks: Collection[str], line_of_check: Callable[[str], int]) -> None:
        """Start the sandbox. Raises IsolationError and MissingPackageError.

        `checks` are the checks that the hidden tests define. `course_check` reports others that the rubric lists.
        """
        self._known = frozenset(checks)
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._line_of_check = line_of_check
        # Without training, running side by side only disturbs the timing checks.
        uses_keras = FLAVOURS[self._rubric.flavour].uses_keras
        self._worker = Worker(exercise, side_by_side=uses_keras and (os.cpu_count() or 1) > 1)

    @property
    def fallback(self) -> str:
        """The reason why namespaces are unavailable on this machine; empty if they are available."""
        return self._worker.fallback if self._worker.isolation is Isolation.PROCESS else ""

    def reference(self, seeds: Sequence[int]) -> Iterator[Fault]:
        """Report each check that the reference does not pass with some seed, including checks of a bonus."""
        path = self._exercise.reference_path
        reported: set[str] = set()
        for seed in seeds:
            report = self._graded(path, seed)
            if report.problems:
                yield from self._unusable(path, report)
                return
            for check in self._checks(report):
                if check.verdict is not Verdict.PASSED and check.name not in reported:
                    reported.add(check.name)
                    message = f'the reference does not pass the check "{check.name}" with seed {seed}: {first(check)}'
                    yield self._fault_of_check(check.name, message)
            yield from self._other_faults(path, report)

    def right_answer(self, path: Path, seeds: Sequence[int]) -> Iterator[Fault]:
        """Report each criterion in which an alternative right answer loses points."""
        for seed in seeds:
            report = self._graded(path, seed)
            if report.problems:
                yield from self._unusable(path, report)
                return
            for one in report.criteria:
                if one.earned is not None and one.earned < one.possible and not one.bonus:
                    points = f"earns {one.earned:g} of {one.possible:g} points"
                    yield Fault(path, 1, f'{points} of criterion "{one.id}" with seed {seed}; it must earn all')
            yield from self._broken_checks(report, f"the right answer {path.name}")
            yield from self._other_faults(path, report)

    def stub(self, seed: int, line_of: Callable[[str], int]) -> Iterator[Fault]:
        """Report each criterion in which the stub earns points. `line_of` returns the line of a function in it."""
        path = self._exercise.stub
        report = self._graded(path, seed)
        if report.problems:
            yield from self._unusable(path, report)
            return
        yield from self._broken_checks(report, "the stub")
        functions = {criterion.id: criterion.function for criterion in self._rubric.criteria}
        for one in report.criteria:
            if one.earned:  # None if a check crashed, which is reported separately
                message = f'the stub earns {one.earned:g} of {one.possible:g} points of criterion "{one.id}"'
                yield Fault(path, line_of(functions[one.id]), f"{message}; it must earn none")
        yield from self._other_faults(path, report)

    def close(self) -> None:
        """End the sandbox."""
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _graded(self, path: Path, seed: int) -> Report:
        return self._worker.grade(self._submission(path), seed)

    def _submission(self, path: Path) -> Submission:
        """Return the file as a submission, with the references of the exercises that this one builds on."""
        key, module = self._exercise.key, self._rubric.module
        ours = read_submission(self._exercise.reference_path, key, module, companions=self._rubric.companions)
        alone = read_submission(path, key, module)
        return replace(alone, files=(*alone.files, *(file for file in ours.files if file.name != f"{module}.py")))

    def _unusable(self, path: Path, report: Report) -> Iterator[Fault]:
        for problem in report.problems:
            yield Fault(path, problem.line, f"does not run in the sandbox: {problem.message}")

    def _broken_checks(self, report: Report, on: str) -> Iterator[Fault]:
        for check in self._checks(report):
            if check.verdict is Verdict.GRADER_FAULT:
                message = f'the check "{check.name}" crashes on {on}: {first(check)}'
                yield self._fault_of_check(check.name, message)

    def _other_faults(self, path: Path, report: Report) -> Iterator[Fault]:
        """Report the faults of the grader that belong to no check."""
        for fault in report.grader_faults:
            if fault.check is None:
                yield Fault(path, 1, f"cannot be graded: {fault.message}")

    def _checks(self, report: Report) -> Iterator[CheckReport]:
        return (check for criterion in report.criteria for check in criterion.checks if check.name in self._known)

    def _fault_of_check(self, check: str, message: str) -> Fault:
        return Fault(self._exercise.checks_path, self._line_of_check(check), message)
