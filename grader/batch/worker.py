"""A worker: the checks of one exercise, collected once, and a zygote, started once, for many submissions."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.batch.sibling import Sibling
from grader.course import Exercise
from grader.sandbox import Isolation, IsolationError, Limits, Raised, Sandboxed, Stopped, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Problem, SourceFile, Submission, screen
from grader.submission.reading import stand_in

if TYPE_CHECKING:
    from grader.checks import CheckOutcome
    from grader.diagnosis import Diagnosis
    from grader.report import Output, Report

Tell = Callable[[str, str], None]


class MissingPackageError(Exception):
    """An exercise needs a package that is not installed; the message says how to get it."""


class Worker:
    """Grades submissions of one exercise.

    With `isolation` None, namespaces are used where they are to be had, else a plain process; `fallback` then says
    why. Asked for one kind of isolation, it raises IsolationError where that is not to be had. Raises CourseError for
    a course that cannot be used.
    """

    def __init__(
        self,
        exercise: Exercise,
        isolation: Isolation | None = None,
        limits: Limits | None = None,
        zygote: Zygote | None = None,
    ) -> None:
        """With `zygote`, children come from one that others use as well, and that its owner closes."""
        self._exercise = exercise
        self._rubric = exercise.rubric
        flavour = FLAVOURS[self._rubric.flavour]
        self._limits = limits if limits is not None else flavour.limits
        self._with_models = flavour.threads
        self.fallback = ""
        if flavour.needs and importlib.util.find_spec(flavour.needs) is None:
            raise MissingPackageError(
                f"{self._rubric.title} needs {flavour.needs}, which is not installed here. "
                f"Install it with: pip install 'cnn-grader[{self._rubric.flavour}]'. The other exercises work without."
            )
        self._baseline: Sibling | None = None
        self._clean: Sibling | None = None
        # The zygote imports NumPy in its process while we import it, and pytest, in ours.
        self._owns_zygote = zygote is None
        self._zygote = zygote if zygote is not None else self._start(isolation)
        try:
            from grader.batch.explainer import Explainer
            from grader.checks.session import CheckSession

            self._checks = CheckSession(exercise)
            self._confirm(isolation)
            self._explainer = Explainer(exercise, self._zygote, self._limits, self._with_models)
        except BaseException:
            if self._owns_zygote:
                self._zygote.close()
            raise
        self._titles = {name: self._checks.title_of(name) for name in self._checks.checks}
        self._course_hash = exercise.content_hash()

    @property
    def isolation(self) -> Isolation:
        """What submissions are run in."""
        return self._zygote.isolation

    def grade(
        self,
        submission: Submission,
        seed: int,
        unreadable: str = "",
        tell: Tell = lambda title, epoch: None,
    ) -> Report:
        """The report of one submission; a fault of ours stands in it and costs nothing.

        `unreadable` says why the files could not be read, where they could not: nothing is run then. `tell` hears the
        title of each check before it runs, and again with the epoch where it trains.
        """
        from grader.report import Output, build_report
        from grader.scoring import none_ran, score

        started = time.perf_counter()
        problems = (Problem(1, 0, unreadable),) if unreadable else self._problems_of(submission)
        runnable = submission if problems else self._with_stand_ins(submission)
        output = Output(stdout="", stderr="", truncated=False)
        faults: list[str] = []
        outcomes: tuple[CheckOutcome, ...] = ()
        diagnoses: list[Diagnosis] = []
        if not problems:
            try:
                outcomes, problems, output, diagnoses = self._run(runnable, seed, tell, faults)
            except IsolationError as error:
                faults.append(f"the sandbox broke: {error}")
        if problems:
            because = "the file could not be run: " + problems[0].message
            outcomes = none_ran(self._rubric, because, self._titles)
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
        """End the checks, the baseline and the zygote."""
        self._checks.close()
        for sibling in (self._baseline, self._clean):
            if sibling is not None:
                sibling.close()
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
            return Zygote(self._rubric.flavour, Isolation.PROCESS)

    def _confirm(self, isolation: Isolation | None) -> None:
        """Have one child confined before any submission comes; where that fails, fall back if we may."""
        try:
            self._zygote.confirm(self._limits)
        except IsolationError as error:
            if isolation is not None or not self._owns_zygote or self._zygote.isolation is Isolation.PROCESS:
                raise
            self._zygote.close()
            self.fallback = str(error)
            self._zygote = Zygote(self._rubric.flavour, Isolation.PROCESS)
            self._zygote.confirm(self._limits)

    def _reference_source(self) -> str:
        return self._exercise.reference_path.read_text(encoding="utf-8")

    def _problems_of(self, submission: Submission) -> tuple[Problem, ...]:
        own = f"{self._rubric.module}.py"
        texts = [file.text for file in submission.files if file.name == own]
        return tuple(problem for text in texts for problem in self._screened(text, own))

    def _screened(self, text: str, name: str) -> tuple[Problem, ...]:
        return screen(text, name, (*self._rubric.allowed_imports, *self._rubric.companions, self._rubric.module))

    def _with_stand_ins(self, submission: Submission) -> Submission:
        """The submission with a file that says why in the place of each companion that cannot be run."""
        files = []
        for file in submission.files:
            if file.name == f"{self._rubric.module}.py":
                files.append(file)  # it was looked at already
                continue
            problem = next(iter(self._screened(file.text, file.name)), None)
            because = f"line {problem.line}: {problem.message}" if problem is not None else ""
            files.append(SourceFile(file.name, stand_in(file.name, because)) if because else file)
        return replace(submission, files=tuple(files))

    def _run(
        self, submission: Submission, seed: int, tell: Tell, faults: list[str]
    ) -> tuple[tuple[CheckOutcome, ...], tuple[Problem, ...], Output, list[Diagnosis]]:
        from grader.diagnosis import Recorder
        from grader.report import Output

        functions = list(self._rubric.functions)
        start = _start_of(seed) if self._with_models else None
        title = ""

        def tell_check(name: str) -> None:
            nonlocal title
            title = name
            tell(title, "")

        def tell_epoch(number: int, of: int) -> None:
            tell(title, f"Epoch {number} of {of}")

        with Sandboxed(
            self._zygote, submission, self._rubric.module, functions, self._limits, start, tell_epoch
        ) as sandboxed:
            failure = sandboxed.load()
            outcomes: tuple[CheckOutcome, ...] = ()
            problems: tuple[Problem, ...] = ()
            diagnoses: list[Diagnosis] = []
            if failure is None:
                if self._baseline is None:
                    self._baseline = Sibling(self._zygote, self._exercise, self._reference_source(), None)
                    self._clean = Sibling(self._zygote, self._exercise, "", 0 if self._with_models else None)
                recorder = Recorder(sandboxed)
                outcomes = self._checks.run(recorder, seed, self._baseline, self._clean, tell_check)
                outcomes, diagnoses = self._explainer.explain(outcomes, recorder, submission, faults)
                if self._with_models and self._clean is not None:
                    self._clean.begin_again()
            else:
                problems = (_problem_at_load(failure, submission, self._rubric.module),)
        captured = sandboxed.captured
        output = Output(stdout=captured.stdout, stderr=captured.stderr, truncated=captured.truncated)
        return outcomes, problems, output, diagnoses


def _start_of(seed: int) -> int:
    """What the chance in a learner's training begins with: not the seed that the checks draw from."""
    return int.from_bytes(hashlib.sha256(f"training {seed}".encode()).digest()[:4])


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
