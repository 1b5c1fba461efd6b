"""Grade many submissions of one exercise: its checks are collected once, and its zygote is started once."""

from __future__ import annotations

import importlib.util
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.course import Exercise
from grader.grade_error import GradeError
from grader.sandbox import (
    InterruptedRunError,
    Interruption,
    Isolation,
    IsolationError,
    Limits,
    Raised,
    Stopped,
    Wall,
    Zygote,
)
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Problem, Submission, screen_submission

if TYPE_CHECKING:
    from grader.checks import CheckOutcome
    from grader.checks.seen import Seen
    from grader.diagnosis import Diagnosis
    from grader.grading.explainer import Explainer
    from grader.grading.part import Part, PartResult, Tell
    from grader.report import Report
    from grader.report.judgement import Printed
    from grader.report.report import ExampleReport

    Look = Callable[[], Sequence[Seen]]


NOT_RECORDED = (
    "This kit does not have our answers to some questions about your program, so an explanation may be missing, and "
    "your instructor's grading may give back more points."
)
COULD_NOT_RUN = "the file could not be run"  # for each check; the problems of the report say why, once


class OtherSeedError(GradeError):
    """A kit has the answers for one seed only, and another one was asked for."""


class MissingPackageError(GradeError):
    """An exercise needs a package that is not installed. The message says how to install it."""


@dataclass(frozen=True)
class Findings:
    """The results of a run: the reason why the file did not load, or the outcomes of its checks and their diagnoses.

    `look` returns what can be seen of the submission.
    """

    outcomes: tuple[CheckOutcome, ...] = ()
    problems: tuple[Problem, ...] = ()
    output: Printed | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    faults: tuple[str, ...] = ()
    examples: Mapping[str, ExampleReport] = field(default_factory=dict)
    look: Look = tuple


class Worker:
    """Grades submissions of one exercise.

    With `isolation` None, submissions run in namespaces if they are available, else in a plain process; then `fallback`
    says why. Raises IsolationError if the requested isolation is unavailable, and CourseError if the course cannot be
    used.
    """

    def __init__(
        self,
        exercise: Exercise,
        isolation: Isolation | None = None,
        limits: Limits | None = None,
        zygote: Zygote | None = None,
        side_by_side: bool = False,
        interruption: Interruption | None = None,
    ) -> None:
        """Collect the checks and start the zygote.

        A given `zygote` may serve other workers too; its owner closes it. With `side_by_side`, criteria with `apart`
        are checked at the same time as the others. While the `interruption` is set, `grade` raises InterruptedRunError
        at its next call; after it was cleared, the worker grades again.
        """
        self._interruption = interruption
        self._exercise = exercise
        self._rubric = exercise.rubric
        flavour = FLAVOURS[self._rubric.flavour]
        self._limits = limits if limits is not None else flavour.limits
        self._side_by_side = side_by_side
        self.fallback = ""
        if flavour.needs and importlib.util.find_spec(flavour.needs) is None:
            raise MissingPackageError(
                f"{self._rubric.title} needs {flavour.needs}, which is not installed. Install it with: "
                f"pip install 'cnn-grader[{self._rubric.flavour}]'. The other exercises work without it."
            )
        self._parts: list[Part] = []
        # The zygote imports NumPy in its process while this process imports NumPy and pytest.
        self._owns_zygote = zygote is None
        self._zygote = zygote if zygote is not None else self._start(isolation)
        try:
            from grader.grading.part import parts_of

            self._parts = parts_of(exercise)
            self._confirm(isolation)
        except BaseException:
            self.close()
            raise
        self._titles = self._parts[0].titles
        self._course_hash = exercise.content_hash()

    @cached_property
    def _explainer(self) -> Explainer:
        """Return the explainer of failures. A right program needs none of what it imports."""
        from grader.grading.explainer import Explainer

        return Explainer(self._exercise, FLAVOURS[self._rubric.flavour].uses_keras)

    @property
    def isolation(self) -> Isolation:
        """The isolation in which submissions run."""
        return self._zygote.isolation

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The walls between a submission and this machine."""
        return self._zygote.walls

    def grade(
        self,
        submission: Submission,
        seed: int,
        unreadable: str = "",
        tell: Tell = lambda title, epoch: None,
        looked_at: Callable[[], None] = lambda: None,
        show: Callable[[Look], None] = lambda look: None,
    ) -> Report:
        """Return the report of one submission. Faults of the grader are in it and cost no points.

        If `unreadable` says why the files cannot be read, nothing is run. Call `tell` with the title of each check
        before it runs, and with each epoch of training. Call `looked_at` when the files have been read, before anything
        runs. Call `show` with a function that looks at the sights of the exercise and returns what can be seen. It may
        be called after this method and before the next run; the report is the same with and without it.
        """
        from grader.report import Circumstances, Judgement, build_report
        from grader.report.judgement import SILENT
        from grader.scoring import none_ran, score

        self._refuse_other_seed(seed)
        unanswered = self._exercise.unanswered
        started = time.perf_counter()
        runnable = Problem(1, 0, unreadable) if unreadable else self._ready_to_run(submission)
        looked_at()
        if isinstance(runnable, Problem):
            findings = Findings(problems=(runnable,))
        else:
            findings = self._findings(runnable, seed, tell)
        show(findings.look)
        outcomes = none_ran(self._rubric, COULD_NOT_RUN, self._titles) if findings.problems else findings.outcomes
        explained = bool(findings.diagnoses) and all(one.complete for one in findings.diagnoses)
        if self._exercise.unanswered > unanswered and not explained:
            submission = replace(submission, remarks=(*submission.remarks, NOT_RECORDED))
        timings = {"grading": time.perf_counter() - started}
        return build_report(
            Judgement(
                self._rubric,
                submission,
                score(self._rubric, outcomes, findings.diagnoses),
                Circumstances(self.isolation.value, seed, self._course_hash, timings, _host(), versions()),
                findings.problems,
                findings.output or SILENT,
                findings.diagnoses,
                findings.faults,
                findings.examples,
            )
        )

    def close(self) -> None:
        """End the parts and the zygote."""
        for part in self._parts:
            part.close()
        if self._owns_zygote:
            self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, isolation: Isolation | None) -> Zygote:
        hidden = [self._exercise.root]
        if isolation is not None:
            return Zygote(self._rubric.flavour, isolation, hidden, self._interruption)
        try:
            return Zygote(self._rubric.flavour, Isolation.NAMESPACES, hidden, self._interruption)
        except IsolationError as error:
            self.fallback = str(error)
            return Zygote(self._rubric.flavour, Isolation.PROCESS, hidden, self._interruption)

    def _confirm(self, isolation: Isolation | None) -> None:
        """Confine one child before the first submission. If that fails and no isolation was requested, fall back."""
        try:
            self._zygote.confirm(self._limits)
        except IsolationError as error:
            if isolation is not None or not self._owns_zygote or self._zygote.isolation is Isolation.PROCESS:
                raise
            self._zygote.close()
            self.fallback = str(error)
            self._zygote = Zygote(self._rubric.flavour, Isolation.PROCESS, [self._exercise.root], self._interruption)
            self._zygote.confirm(self._limits)

    def _refuse_other_seed(self, seed: int) -> None:
        """Raise OtherSeedError if the exercise is that of a kit with another seed."""
        recorded = self._exercise.recorded_seed
        if recorded not in (None, seed):
            raise OtherSeedError(
                f"This kit has answers for seed {recorded} only, and none for seed {seed}. Use seed {recorded}, "
                "or grade with the whole course."
            )

    def _ready_to_run(self, submission: Submission) -> Submission | Problem:
        rubric = self._rubric
        return screen_submission(submission, rubric.module, FLAVOURS[rubric.flavour].packages, rubric.forbidden_imports)

    def _findings(self, submission: Submission, seed: int, tell: Tell) -> Findings:
        """Run a submission and explain its failures."""
        try:
            results = self._run(submission, seed, tell)
            failure = results[0].failure
            if failure is not None:
                problem = _problem_at_load(failure, submission, self._rubric.module)
                return Findings(problems=(problem,), output=_output(results))
            return self._explained(submission, results)
        except IsolationError as error:
            return Findings(faults=(f"the sandbox broke: {error}",))
        except InterruptedRunError:
            for part in self._parts:
                part.close()  # a sibling may be in the middle of an answer
            raise

    def _explained(self, submission: Submission, results: Sequence[PartResult]) -> Findings:
        """Return the outcomes of all parts in the order of the checks, with explanations of the failures."""
        from grader.checks import Verdict

        by_name = {outcome.name: outcome for one in results for outcome in one.outcomes}
        outcomes = tuple(by_name[name] for name in self._titles if name in by_name)
        found = Findings(outcomes, output=_output(results), look=partial(self._look, submission, results))
        if all(one.verdict is not Verdict.FAILED for one in outcomes):
            return found
        from grader.grading.explainer import FreshChildren
        from grader.scoring import without_idle

        calls = {name: [call for one in results for call in one.calls.get(name, ())] for name in self._rubric.functions}
        children = FreshChildren(self._zygote, submission, self._rubric.module, self._limits)
        explained = self._explainer.explain(outcomes, calls, children)
        return replace(
            found,
            outcomes=explained.outcomes,
            diagnoses=without_idle(explained.diagnoses, calls),
            faults=explained.faults,
            examples=explained.examples,
        )

    def _look(self, submission: Submission, results: Sequence[PartResult]) -> tuple[Seen, ...]:
        """Return what can be seen of a submission that has run. If this fails, only the pictures are lost."""
        from grader.checks.sight import no_pictures

        seen: list[Seen] = []
        for part, result in zip(self._parts, results, strict=True):
            if result.context is not None:
                try:
                    seen.extend(part.look(self._zygote, submission, self._limits, result.context))
                except Exception as error:  # of the sandbox, for example
                    seen.append(no_pictures(error))
        return tuple(seen)

    def _run(self, submission: Submission, seed: int, tell: Tell) -> list[PartResult]:
        """Return the result of each part, or only that of the first part if the file does not load."""
        first, *others = (partial(one.run, self._zygote, submission, self._limits, seed, tell) for one in self._parts)
        if not self._side_by_side:
            result = first()
            return [result] if result.failure is not None else [result, *(run() for run in others)]
        with ThreadPoolExecutor(max_workers=max(len(others), 1)) as pool:
            waiting = [pool.submit(run) for run in others]
            try:
                results = [first(), *(one.result() for one in waiting)]
            except InterruptedRunError:
                raise  # the interruption ends the other parts too
            except BaseException:
                self._zygote.close()  # this also ends its children, so that no thread waits for them
                raise
        return results[:1] if results[0].failure is not None else results


def _output(results: Sequence[PartResult]) -> Printed:
    """Return what the program printed in all parts."""
    from grader.report import Output

    return Output(
        stdout="".join(one.captured.stdout for one in results),
        stderr="".join(one.captured.stderr for one in results),
        truncated=any(one.captured.truncated for one in results),
    )


def _problem_at_load(failure: Raised | Stopped, submission: Submission, module: str) -> Problem:
    """Return why a learner's file did not load, with the line."""
    if isinstance(failure, Stopped):
        return Problem(1, 0, failure.detail)
    line = failure.lines[-1].number if failure.lines else 1
    text = next(file.text for file in submission.files if file.name == f"{module}.py")
    lines = text.split("\n")
    source_line = lines[line - 1] if 0 < line <= len(lines) else ""
    said = f"{failure.kind}: {failure.message}" if failure.message else failure.kind
    return Problem(line, 0, f"importing {module}.py raised {said}", source_line[:200])


@cache
def versions() -> dict[str, str]:
    """Return the versions that decide a report."""
    return {"grader": version("cnn-grader"), "python": platform.python_version(), "numpy": version("numpy")}


@cache
def _host() -> dict[str, str]:
    return {"system": platform.system(), "machine": platform.machine()}
