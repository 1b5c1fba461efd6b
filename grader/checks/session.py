"""Hidden tests, collected once and run for one submission after another.

The items of a pytest session are run again and again. A check that asks for our own fixtures and no others, as almost
all do, is simply called with them; only one with fixtures or parameters of its own takes pytest's whole protocol, which
costs as much as a check itself. No collection, no import and no assertion rewriting happens for a submission, and a
failed assertion shows the words of its message and never the values it compared.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast

import numpy as np
import pytest
from _pytest.main import Session
from _pytest.runner import runtestprotocol

from grader.checks.assertions import CheckFailedError
from grader.checks.collection import collected, configured
from grader.checks.outcome import CheckOutcome, Verdict
from grader.checks.proxy import OurFaultError, SubmissionProxy, signatures_in
from grader.checks.randomness import generator_for
from grader.checks.remarks import collected_remarks
from grader.course import DEFAULT_SEED, CourseError, Exercise, Fault
from grader.sandbox import Caller, IsolationError, Reason

MESSAGE_LIMIT = 2000
FIXTURES = frozenset({"submission", "reference", "models", "baseline", "rng"})
OURS = (OurFaultError, IsolationError, OSError)
"""No answer of a learner raises these: they say that our own code or this machine has failed."""
UNUSABLE = "the check cannot use the answer: its form is not what the task asks for"
COMPARE_FORMS = "Compare the number, types and shapes of your results with the docstring of the exercise."


class _Fixtures:
    """What a hidden test can ask for, and how it ended."""

    def __init__(self, exercise: Exercise) -> None:
        self._key = exercise.key
        self._rubric = exercise.rubric
        self._exercise = exercise
        # Read, not imported: the reference of a Keras exercise would bring TensorFlow into this process.
        self._signatures = signatures_in(exercise.reference_path, self._rubric.functions)
        self._of_submission: dict[str, Any] = {}
        self._of_trial: dict[str, Any] = {}
        self._seed = 0
        self.endings: list[tuple[str, BaseException]] = []
        self.collect_failure: str | None = None

    def pytest_exception_interact(self, call: pytest.CallInfo[Any], report: pytest.CollectReport) -> None:
        """Keep why the file of the checks could not be imported."""
        if call.excinfo is not None and isinstance(report, pytest.CollectReport):
            cause = call.excinfo.value.__cause__ or call.excinfo.value
            self.collect_failure = f"{type(cause).__name__}: {cause}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Keep the exception itself; pytest's own report would format a traceback that nobody reads."""
        phase = cast(Literal["setup", "call", "teardown"], call.when)  # an item has no other
        if call.excinfo is not None:
            self.endings.append((call.when, call.excinfo.value))
        return pytest.TestReport(
            item.nodeid, item.location, {}, "failed" if call.excinfo is not None else "passed", None, phase
        )

    def begin(self, caller: Caller, baseline: Caller, clean: Caller, seed: int, trial: Caller | None = None) -> None:
        """Serve the checks of one submission; `trial` calls the reference instead."""
        beside = SubmissionProxy(self._rubric, baseline, self._signatures, ours=True)
        self._of_submission = {
            "submission": SubmissionProxy(self._rubric, caller, self._signatures),
            "baseline": beside,
            "callers": (caller, clean),
        }
        if trial is not None:
            self._of_trial = {
                "submission": SubmissionProxy(self._rubric, trial, self._signatures, ours=True),
                "baseline": beside,
                "callers": (trial, clean),
            }
        self._seed = seed

    def end(self) -> None:
        """Let go of the submission and its models."""
        self._of_submission = {}
        self._of_trial = {}

    @property
    def can_try(self) -> bool:
        """Whether the checks can be run on the reference instead of the submission."""
        return bool(self._of_trial)

    @contextmanager
    def on_trial(self) -> Iterator[None]:
        """Let the checks ask the reference inside the context."""
        theirs, self._of_submission = self._of_submission, self._of_trial
        try:
            yield
        finally:
            self._of_submission = theirs

    def suffice(self, item: pytest.Function) -> bool:
        """Whether a check asks for these fixtures and for nothing else."""
        definitions = item._fixtureinfo.name2fixturedefs
        return (
            item.cls is None
            and not hasattr(item, "callspec")
            and all(name in FIXTURES and len(definitions[name]) == 1 for name in item._fixtureinfo.initialnames)
        )

    def values_for(self, item: pytest.Function) -> dict[str, Any]:
        """What such a check is called with."""
        return {name: self._value(name, item.name) for name in item._fixtureinfo.argnames}

    def _value(self, name: str, check: str) -> Any:
        if name == "rng":
            return generator_for(DEFAULT_SEED, self._key, check, self._seed)
        if name == "models" and name not in self._of_submission:
            from grader.checks.models import Models  # for the exercises that need it: its import takes a while

            self._of_submission[name] = Models(*self._of_submission["callers"])
        return self._reference if name == "reference" else self._of_submission[name]

    @cached_property
    def _reference(self) -> Any:
        return self._exercise.reference()

    @pytest.fixture
    def submission(self) -> Any:
        return self._value("submission", "")

    @pytest.fixture
    def reference(self) -> Any:
        return self._value("reference", "")

    @pytest.fixture
    def models(self) -> Any:
        return self._value("models", "")

    @pytest.fixture
    def baseline(self) -> Any:
        return self._value("baseline", "")

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> Any:
        return self._value("rng", request.node.name)


class CheckSession:
    """The collected checks of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        """Collect. Raises CourseError if the file is missing or cannot be imported."""
        if not exercise.checks_path.is_file():
            raise CourseError([Fault(exercise.checks_path, 1, "is missing")])
        self._fixtures = _Fixtures(exercise)
        self._config = configured(exercise.checks_path, self._fixtures)
        self._session = Session.from_config(self._config)
        self._config.hook.pytest_sessionstart(session=self._session)
        self._items = collected(self._session, exercise.checks_path)
        # pytest imports a file under a short name and would give the next course's file of that name ours.
        sys.modules.pop(exercise.checks_path.stem, None)
        self._titles = {item.name: _title(item) for item in self._items}
        self._holds: dict[tuple[str, int], bool] = {}  # whether the reference passes a check that broke, by seed
        self._simple = {item.name for item in self._items if self._fixtures.suffice(item)}
        if self._fixtures.collect_failure is not None:
            self.close()
            message = f"its hidden tests cannot be collected: {self._fixtures.collect_failure}"
            raise CourseError([Fault(exercise.checks_path, 1, message)])

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks in the order of the file."""
        return tuple(item.name for item in self._items)

    def criterion_marked(self, check: str) -> str | None:
        """The criterion that a check names itself, by its marker."""
        item = next(item for item in self._items if item.name == check)
        mark = item.get_closest_marker("criterion")
        return str(mark.args[0]) if mark and mark.args else None

    def reason(self, check: str, keyword: str) -> str:
        """Return why a check may break a rule of `grade course check`; empty if its marker has no such keyword.

        `alone` says why no known mistake fails the check, `constants` why a constant passes it, `fixed` why all seeds
        ask the same, `malformed` why an answer of another form passes it.
        """
        item = next(item for item in self._items if item.name == check)
        mark = item.get_closest_marker("criterion")
        return str(mark.kwargs.get(keyword, "")) if mark else ""

    def title_of(self, check: str) -> str:
        """The line that a learner reads: the first of the check's docstring."""
        return self._titles[check]

    def line_of(self, check: str) -> int:
        """The line of the check in its file."""
        return int(next(item for item in self._items if item.name == check).function.__code__.co_firstlineno)

    def run(
        self,
        caller: Caller,
        seed: int,
        baseline: Caller | None = None,
        clean: Caller | None = None,
        tell: Callable[[str], None] = lambda title: None,
        only: Collection[str] | None = None,
        trial: Caller | None = None,
    ) -> tuple[CheckOutcome, ...]:
        """Return the outcome of every check, or of those named in `only`, for the submission behind `caller`.

        `baseline` calls our own functions in a process like the learner's, `clean` works in one without any learner's
        code; if they are left out, `caller` is trusted. `tell` hears the title of each check before it runs.

        `trial` calls the reference as `caller` calls the submission. With it, a check that breaks runs once more, on
        the reference. If it passes there, the form of the learner's answer broke it, and the learner fails the check.
        """
        self._fixtures.begin(
            caller, baseline if baseline is not None else caller, clean if clean is not None else caller, seed, trial
        )
        outcomes = []
        for item in self._items:
            if only is not None and item.name not in only:
                continue
            tell(self._titles[item.name])
            outcomes.append(self._judged(item, seed))
        self._fixtures.end()
        return tuple(outcomes)

    def close(self) -> None:
        """End the pytest session."""
        self._config._ensure_unconfigure()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _judged(self, item: pytest.Function, seed: int) -> CheckOutcome:
        """Return the outcome of a check; if the check broke, decide whose fault that is."""
        outcome = self._run_item(item)
        endings = list(self._fixtures.endings)
        if outcome.verdict is not Verdict.GRADER_FAULT or not self._fixtures.can_try:
            return outcome
        if any(phase != "call" or isinstance(error, OURS) for phase, error in endings):
            return outcome
        if (item.name, seed) not in self._holds:
            with self._fixtures.on_trial():
                self._holds[item.name, seed] = self._run_item(item).verdict is Verdict.PASSED
        if not self._holds[item.name, seed]:
            return outcome
        error = endings[0][1]
        message = f"{UNUSABLE} ({type(error).__name__}: {error})\n{COMPARE_FORMS}"
        return replace(outcome, verdict=Verdict.FAILED, reason=Reason.UNUSABLE_ANSWER, message=message[:MESSAGE_LIMIT])

    def _run_item(self, item: pytest.Function) -> CheckOutcome:
        self._fixtures.endings.clear()
        with collected_remarks() as remarks:
            if item.name in self._simple:
                self._call(item)
            else:
                for kept in ("_instance", "_obj"):  # no submission meets what another left in an instance of a class
                    vars(item).pop(kept, None)
                runtestprotocol(item, nextitem=None, log=False)
        ending = _ended(self._fixtures.endings)
        return CheckOutcome(
            item.name,
            self._titles[item.name],
            ending.verdict,
            ending.message[:MESSAGE_LIMIT],
            tuple(remarks),
            ending.sign,
            ending.reason,
            ending.complete,
        )

    def _call(self, item: pytest.Function) -> None:
        """Call a check, and keep what it raises as pytest would."""
        phase = "setup"
        try:
            values = self._fixtures.values_for(item)
            phase = "call"
            with np.errstate(all="ignore"):  # a learner's infinite number must not warn
                item.obj(**values)
        except (KeyboardInterrupt, MemoryError, pytest.exit.Exception):
            raise
        except BaseException as error:  # pytest.skip is no Exception
            self._fixtures.endings.append((phase, error))


@dataclass(frozen=True)
class _Ending:
    """How a check ended: the parts of its outcome that its exceptions decide."""

    verdict: Verdict
    message: str = ""
    reason: Reason | None = None
    sign: str = ""
    complete: bool = True


def _ended(endings: list[tuple[str, BaseException]]) -> _Ending:
    """Return the ending for the exceptions of an item's phases."""
    for phase, error in endings:
        if isinstance(error, pytest.skip.Exception):
            return _Ending(Verdict.NOT_RUN, str(error.msg), Reason.SKIPPED)
        if phase == "call" and isinstance(error, CheckFailedError):
            complete = bool(error.expected or error.call)
            return _Ending(Verdict.FAILED, str(error), error.reason, error.sign, complete)
        if phase == "call" and isinstance(error, AssertionError):
            return _Ending(Verdict.FAILED, str(error), Reason.WRONG_VALUE, complete=False)
        if isinstance(error, KeyboardInterrupt | MemoryError):  # the other checks would have no memory either
            raise error
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f" ({Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno})" if at is not None else ""
        return _Ending(Verdict.GRADER_FAULT, f"{type(error).__name__}: {error}{where}", Reason.GRADER_FAULT)
    return _Ending(Verdict.PASSED)


def _title(item: pytest.Function) -> str:
    return (inspect.getdoc(item.function) or item.name).partition("\n")[0]
