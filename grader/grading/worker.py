"""A worker: the checks of one exercise, collected once, and a zygote, started once, for many submissions."""

from __future__ import annotations

import importlib.util
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.course import Exercise
from grader.grade_error import GradeError
from grader.sandbox import Isolation, IsolationError, Limits, Raised, Stopped, Wall, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Problem, Submission, screen_submission

if TYPE_CHECKING:
    from grader.checks import CheckOutcome
    from grader.diagnosis import Diagnosis
    from grader.grading.part import Part, Ran, Tell
    from grader.report import Output, Report


COULD_NOT_RUN = "the file could not be run"  # the problems of the report say why, once


class MissingPackageError(GradeError):
    """An exercise needs a package that is not installed; the message says how to get it."""


class Worker:
    """Grades submissions of one exercise.

    With `isolation` None, submissions run in namespaces if they are available, else in a plain process; `fallback`
    then says why. Raises IsolationError if the isolation that was asked for is unavailable, and CourseError for a
    course that cannot be used.
    """

    def __init__(
        self,
        exercise: Exercise,
        isolation: Isolation | None = None,
        limits: Limits | None = None,
        zygote: Zygote | None = None,
        side_by_side: bool = False,
    ) -> None:
        """With `zygote`, children come from one that others use as well, and that its owner closes. With
        `side_by_side`, criteria that stand apart are checked at the same time as the others.
        """
        self._exercise = exercise
        self._rubric = exercise.rubric
        flavour = FLAVOURS[self._rubric.flavour]
        self._limits = limits if limits is not None else flavour.limits
        self._side_by_side = side_by_side
        self.fallback = ""
        if flavour.needs and importlib.util.find_spec(flavour.needs) is None:
            raise MissingPackageError(
                f"{self._rubric.title} needs {flavour.needs}, which is not installed here. "
                f"Install it with: pip install 'cnn-grader[{self._rubric.flavour}]'. The other exercises work without."
            )
        self._parts: list[Part] = []
        # The zygote imports NumPy in its process while we import it, and pytest, in ours.
        self._owns_zygote = zygote is None
        self._zygote = zygote if zygote is not None else self._start(isolation)
        try:
            from grader.grading.explainer import Explainer
            from grader.grading.part import parts_of

            self._parts = parts_of(exercise)
            self._confirm(isolation)
            self._explainer = Explainer(exercise, flavour.uses_keras)
        except BaseException:
            self.close()
            raise
        self._titles = self._parts[0].titles
        self._course_hash = exercise.content_hash()

    @property
    def isolation(self) -> Isolation:
        """What submissions are run in."""
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
    ) -> Report:
        """Return the report of one submission. It names faults of the grader, which cost nothing.

        If `unreadable` says why the files could not be read, nothing is run. `tell` hears the title of each check
        before it runs, and again with the epoch if it trains. `looked_at` is called after the files have been read and
        before anything runs.
        """
        from grader.report import Output, build_report
        from grader.scoring import none_ran, score

        started = time.perf_counter()
        runnable = Problem(1, 0, unreadable) if unreadable else self._ready_to_run(submission)
        problems: tuple[Problem, ...] = (runnable,) if isinstance(runnable, Problem) else ()
        looked_at()
        output = Output(stdout="", stderr="", truncated=False)
        faults: list[str] = []
        outcomes: tuple[CheckOutcome, ...] = ()
        diagnoses: list[Diagnosis] = []
        if not isinstance(runnable, Problem):
            try:
                outcomes, problems, output, diagnoses = self._run(runnable, seed, tell, faults)
            except IsolationError as error:
                faults.append(f"the sandbox broke: {error}")
        if problems:
            outcomes = none_ran(self._rubric, COULD_NOT_RUN, self._titles)
        return build_report(
            self._rubric,
            submission,
            score(self._rubric, outcomes),
            isolation=self.isolation.value,
            seed=seed,
            course_hash=self._course_hash,
            problems=problems,
            output=output,
            diagnoses=diagnoses,
            faults=faults,
            timings={"grading": time.perf_counter() - started},
            host=_host(),
            versions=_versions(),
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
            return Zygote(self._rubric.flavour, isolation, hidden)
        try:
            return Zygote(self._rubric.flavour, Isolation.NAMESPACES, hidden)
        except IsolationError as error:
            self.fallback = str(error)
            return Zygote(self._rubric.flavour, Isolation.PROCESS, hidden)

    def _confirm(self, isolation: Isolation | None) -> None:
        """Have one child confined before any submission comes; where that fails, fall back if we may."""
        try:
            self._zygote.confirm(self._limits)
        except IsolationError as error:
            if isolation is not None or not self._owns_zygote or self._zygote.isolation is Isolation.PROCESS:
                raise
            self._zygote.close()
            self.fallback = str(error)
            self._zygote = Zygote(self._rubric.flavour, Isolation.PROCESS, [self._exercise.root])
            self._zygote.confirm(self._limits)

    def _ready_to_run(self, submission: Submission) -> Submission | Problem:
        rubric = self._rubric
        return screen_submission(submission, rubric.module, FLAVOURS[rubric.flavour].packages, rubric.forbidden_imports)

    def _run(
        self, submission: Submission, seed: int, tell: Tell, faults: list[str]
    ) -> tuple[tuple[CheckOutcome, ...], tuple[Problem, ...], Output, list[Diagnosis]]:
        from grader.grading.explainer import Apart
        from grader.report import Output

        ran = self._ran(submission, seed, tell)
        failure = ran[0].failure
        problems = (_problem_at_load(failure, submission, self._rubric.module),) if failure is not None else ()
        found = {outcome.name: outcome for one in ran for outcome in one.outcomes}
        outcomes: tuple[CheckOutcome, ...] = tuple(found[name] for name in self._titles if name in found)
        diagnoses: list[Diagnosis] = []
        if not problems:
            calls = {name: [call for one in ran for call in one.calls.get(name, ())] for name in self._rubric.functions}
            ask = Apart(self._zygote, submission, self._rubric.module, self._limits)
            outcomes, diagnoses = self._explainer.explain(outcomes, calls, ask, faults)
        output = Output(
            stdout="".join(one.captured.stdout for one in ran),
            stderr="".join(one.captured.stderr for one in ran),
            truncated=any(one.captured.truncated for one in ran),
        )
        return outcomes, problems, output, diagnoses

    def _ran(self, submission: Submission, seed: int, tell: Tell) -> list[Ran]:
        """What became of each part; of the first alone where the file does not load."""
        first, *others = (partial(one.run, self._zygote, submission, self._limits, seed, tell) for one in self._parts)
        if not self._side_by_side:
            ran = [first()]
            return ran if ran[0].failure is not None else [*ran, *(run() for run in others)]
        with ThreadPoolExecutor(max_workers=max(len(others), 1)) as pool:
            waiting = [pool.submit(run) for run in others]
            try:
                ran = [first(), *(one.result() for one in waiting)]
            except BaseException:
                self._zygote.close()  # with its children: nobody waits for them any longer
                raise
        return ran[:1] if ran[0].failure is not None else ran


def _problem_at_load(failure: Raised | Stopped, submission: Submission, module: str) -> Problem:
    """What a learner's file did instead of loading, at its line."""
    if isinstance(failure, Stopped):
        return Problem(1, 0, failure.detail)
    line = failure.lines[-1].number if failure.lines else 1
    text = next(file.text for file in submission.files if file.name == f"{module}.py")
    lines = text.split("\n")
    source_line = lines[line - 1] if 0 < line <= len(lines) else ""
    said = f"{failure.kind}: {failure.message}" if failure.message else failure.kind
    return Problem(line, 0, f"importing {module}.py raised {said}", source_line[:200])


@cache
def _versions() -> dict[str, str]:
    return {"grader": version("cnn-grader"), "python": platform.python_version(), "numpy": version("numpy")}


@cache
def _host() -> dict[str, str]:
    return {"system": platform.system(), "machine": platform.machine()}
