"""Hidden tests, collected once and run for one submission after another.

A check is an ordinary function, called with the fixtures that it asks for. There is one path for all checks: pytest's
protocol for a test would cost as much as a check itself. Nothing is collected, imported or rewritten for a submission,
and a failed assertion shows the words of its message and never the values that it compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import CheckFailedError
from grader.checks.collection import Check, collect
from grader.checks.outcome import CheckOutcome, Verdict
from grader.checks.proxy import OurFaultError, SubmissionProxy, signatures_in
from grader.checks.randomness import generator_for
from grader.checks.reference_cache import CachedReference
from grader.checks.remarks import collected_remarks
from grader.course import DEFAULT_SEED, CourseError, Exercise, Fault
from grader.sandbox import Caller, IsolationError, Reason

MESSAGE_LIMIT = 2000
OURS = (OurFaultError, IsolationError, OSError)
"""A learner's answer cannot raise these: our own code or this machine has failed."""
UNUSABLE = "the check cannot use the answer: its form is not what the task asks for"
COMPARE_FORMS = "Compare the number, types and shapes of your results with the docstring of the exercise."


@dataclass(frozen=True)
class RunContext:
    """One run of the checks: the processes that they ask, the seed that they draw from, and which of them run.

    `caller` asks the submission. `clean` works in a process without any learner's code; without it, `caller` is
    trusted.

    `trial` asks the reference as `caller` asks the submission. With it, a check that breaks runs once more, on the
    reference. If it passes there, the form of the learner's answer broke it, and the learner fails the check.

    Before each check runs, `tell` hears its title and `begin` its name; `failed` is called after each one that fails.
    `only` names the checks that run; None stands for all. `kept` holds what one check keeps for the next.
    """

    caller: Caller
    seed: int
    clean: Caller | None = None
    trial: Caller | None = None
    tell: Callable[[str], None] = lambda title: None
    begin: Callable[[str], None] = lambda check: None
    failed: Callable[[], None] = lambda: None
    only: Collection[str] | None = None
    kept: dict[str, Any] = field(default_factory=dict)


class CheckSession:
    """The collected checks of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        """Collect. Raises CourseError if the file is missing or cannot be collected."""
        if not exercise.checks_path.is_file():
            raise CourseError([Fault(exercise.checks_path, 1, "is missing")])
        self._exercise = exercise
        self._checks = {check.name: check for check in collect(exercise.checks_path)}
        # Read, not imported: the reference of a Keras exercise would bring TensorFlow into this process.
        self._signatures = signatures_in(exercise.signatures_path, exercise.rubric.functions)
        self._titles = {name: check.title for name, check in self._checks.items()}
        self._holds: dict[tuple[str, int], bool] = {}  # if the reference passes a check that broke, by seed

    @property
    def checks(self) -> tuple[str, ...]:
        """Return the names of the checks in the order of the file."""
        return tuple(self._checks)

    def criterion_marked(self, check: str) -> str | None:
        """Return the criterion in the marker of a check."""
        return self._checks[check].criterion

    def reason(self, check: str, keyword: str) -> str:
        """Return why a check may break a rule of `grade course check`; empty if its marker has no such keyword.

        `alone` says why no known mistake fails the check, `constants` why a constant passes it, `fixed` why all seeds
        ask the same, `malformed` why an answer of another form passes it.
        """
        return self._checks[check].excuses.get(keyword, "")

    def title_of(self, check: str) -> str:
        """Return the line that a learner reads: the first of the check's docstring."""
        return self._titles[check]

    def line_of(self, check: str) -> int:
        """Return the line of the check in its file."""
        return self._checks[check].line

    def run(self, context: RunContext) -> tuple[CheckOutcome, ...]:
        """Return the outcome of every check that the context asks for."""
        asked = self._fixtures(context)
        trial = None
        if context.trial is not None:
            ours = self._proxy(context.trial, ours=True)
            trial = self._fixtures(replace(context, caller=context.trial, kept={}), ours)
        outcomes = []
        for name, check in self._checks.items():
            if context.only is None or name in context.only:
                context.tell(self._titles[name])
                context.begin(name)
                outcomes.append(self._judged(check, asked, trial))
                if outcomes[-1].verdict is Verdict.FAILED:
                    context.failed()
        return tuple(outcomes)

    def arguments(self, context: RunContext, name: str, fixtures: Iterable[str]) -> dict[str, Any]:
        """Return the fixtures of a function that runs after the checks of this context. Its `name` seeds its `rng`."""
        return self._fixtures(context).values_for(name, fixtures)

    @cached_property
    def reference(self) -> CachedReference:
        """Return the reference with a cache, imported for the first check that asks for it."""
        return CachedReference(self._exercise.reference(), self._exercise.rubric.functions)

    def generator_of(self, check: str, seed: int) -> np.random.Generator:
        """Return the generator of a check in a run with this seed."""
        return generator_for(DEFAULT_SEED, self._exercise.key, check, seed)

    def _proxy(self, caller: Caller, *, ours: bool = False) -> SubmissionProxy:
        return SubmissionProxy(self._exercise.rubric, caller, self._signatures, ours=ours)

    def _fixtures(self, context: RunContext, submission: SubmissionProxy | None = None) -> _Fixtures:
        return _Fixtures(self, submission if submission is not None else self._proxy(context.caller), context)

    def _judged(self, check: Check, asked: _Fixtures, trial: _Fixtures | None) -> CheckOutcome:
        """Return the outcome of a check; if the check broke, decide whose fault that is."""
        with collected_remarks() as remarks:
            ended = _ending_of(check, asked)
        broke = ended.verdict is Verdict.GRADER_FAULT and ended.may_be_theirs
        if broke and trial is not None and self._passes_on(check, trial):
            message = f"{UNUSABLE} ({ended.error})\n{COMPARE_FORMS}"
            ended = replace(ended, verdict=Verdict.FAILED, reason=Reason.UNUSABLE_ANSWER, message=message)
        return CheckOutcome(
            check.name,
            self._titles[check.name],
            ended.verdict,
            ended.message[:MESSAGE_LIMIT],
            tuple(remarks),
            ended.sign,
            ended.reason,
            ended.complete,
            ended.exception,
            ended.timed,
            summary=ended.summary[:MESSAGE_LIMIT],
            line=ended.line,
        )

    def _passes_on(self, check: Check, trial: _Fixtures) -> bool:
        """Return True if the reference passes a check that broke; it is asked once for each seed."""
        key = check.name, trial.seed
        if key not in self._holds:
            with collected_remarks():  # about the reference: they are not for the learner
                self._holds[key] = _ending_of(check, trial).verdict is Verdict.PASSED
        return self._holds[key]


class _Fixtures:
    """The values that the checks of one run ask for."""

    def __init__(
        self,
        session: CheckSession,
        submission: SubmissionProxy,
        context: RunContext,
    ) -> None:
        self._session = session
        self._context = context
        self._submission = submission
        self.seed = context.seed

    def values_for(self, name: str, fixtures: Iterable[str]) -> dict[str, Any]:
        """Return the arguments that a check of this name is called with."""
        return {fixture: self._value(fixture, name) for fixture in fixtures}

    def _value(self, name: str, check: str) -> Any:
        if name == "submission":
            return self._submission
        if name == "rng":
            return self._session.generator_of(check, self.seed)
        return self._session.reference if name == "reference" else self._models

    @cached_property
    def _models(self) -> Any:
        from grader.checks.models import Models  # for the exercises that need it: its import takes a while

        context = self._context
        return Models(context.caller, context.clean or context.caller, context.kept)


@dataclass(frozen=True)
class _Ending:
    """The ending of a check: the parts of its outcome that depend on an exception.

    `may_be_theirs` says that the exception came from the check itself and may be the learner's doing; `error` names it.
    `exception` is the class of one that the learner's function raised.
    """

    verdict: Verdict
    message: str = ""
    reason: Reason | None = None
    sign: str = ""
    complete: bool = True
    exception: str = ""
    may_be_theirs: bool = False
    error: str = ""
    timed: bool = False
    summary: str = ""
    line: int = 0


def _ending_of(check: Check, fixtures: _Fixtures) -> _Ending:
    """Call a check and return how it ended."""
    try:
        values: Mapping[str, Any] = fixtures.values_for(check.name, check.arguments)
    except (KeyboardInterrupt, MemoryError, pytest.exit.Exception):
        raise
    except BaseException as error:  # pytest.skip raises a BaseException
        return _skipped(error) or _broken(error, may_be_theirs=False)
    try:
        with np.errstate(all="ignore"):  # a learner's infinite number must not warn
            check.function(**values)
    except (KeyboardInterrupt, MemoryError, pytest.exit.Exception):  # the other checks would have no memory either
        raise
    except CheckFailedError as error:
        complete = bool(error.expected or error.call)
        exception = error.raised.built_in if error.raised is not None else ""
        line = error.raised.lines[-1].number if error.raised is not None and error.raised.lines else 0
        return _Ending(
            Verdict.FAILED,
            str(error),
            error.reason,
            error.sign,
            complete,
            exception,
            timed=error.timed,
            summary=error.summary,
            line=line,
        )
    except AssertionError as error:
        return _Ending(Verdict.FAILED, str(error), Reason.WRONG_VALUE, complete=False)
    except BaseException as error:
        return _skipped(error) or _broken(error, may_be_theirs=not isinstance(error, OURS))
    return _Ending(Verdict.PASSED)


def _skipped(error: BaseException) -> _Ending | None:
    """Return the ending of a check that skips itself; None for every other exception."""
    if isinstance(error, pytest.skip.Exception):
        return _Ending(Verdict.NOT_RUN, str(error.msg), Reason.SKIPPED)
    return None


def _broken(error: BaseException, *, may_be_theirs: bool) -> _Ending:
    """Return the ending of a check that broke, with the place in the file where it did."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f" ({Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno})" if at is not None else ""
    said = f"{type(error).__name__}: {error}"
    return _Ending(Verdict.GRADER_FAULT, said + place, Reason.GRADER_FAULT, may_be_theirs=may_be_theirs, error=said)
