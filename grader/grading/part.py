"""Run some of the checks of an exercise in separate processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.checks import CheckOutcome
from grader.checks.session import CheckSession, RunContext
from grader.course import Exercise
from grader.diagnosis import Recorded, Recorder
from grader.grading.recorded_caller import RecordedCaller
from grader.grading.second_run import better_of, to_check_again
from grader.grading.sibling import Sibling
from grader.sandbox import Answer, Caller, Limits, Raised, Reason, Request, Sandboxed, Stopped, Substitutes, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.sandboxed import Captured
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.checks.seen import Seen

Tell = Callable[[str, str], None]
LOOK_SECONDS = 8.0
"""The learner's functions have this long for all pictures together. A right answer needs 0.05 seconds."""


@dataclass(frozen=True)
class PartResult:
    """The result of a part: why the file did not load, or the outcomes and the calls that led to them.

    `context` is that of the run, for a look at the sights afterwards; None if the file did not load.
    """

    failure: Raised | Stopped | None
    outcomes: tuple[CheckOutcome, ...]
    calls: Mapping[str, Sequence[Recorded]]
    captured: Captured
    context: RunContext | None = None


class _Ended(Caller):
    """Stands for a submission whose process has ended."""

    def ask(self, request: Request) -> Answer:
        """Return that there is no answer any more."""
        return Stopped(Reason.UNAVAILABLE, "the program has ended")


class _Announcer:
    """Calls `tell` with the title of the current check, and again with each epoch if it trains."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._title = ""

    def check(self, title: str) -> None:
        """Announce the next check."""
        self._title = title
        self._tell(title, "")

    def epoch(self, number: int, of: int) -> None:
        """Announce an epoch of the current check."""
        self._tell(self._title, f"Epoch {number} of {of}")


class Part:
    """Some checks of an exercise, the child with the learner's code, and three siblings with our own code.

    The `clean` sibling has no code; it rebuilds and trains the learner's models. The `trial` runs the reference in
    place of the submission, when a check has crashed, to see whether it crashes there too. The `substitute` answers for
    functions of the submission that are wrong, when the functions that call them are checked a second time.

    In a kit, recorded answers take the place of the siblings that run the reference.

    Parts share only the zygote. They give the same results one after another and at the same time.
    """

    def __init__(self, exercise: Exercise, checks: CheckSession, chosen: Collection[str]) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._checks = checks
        self._chosen = frozenset(chosen)
        self._uses_keras = FLAVOURS[self._rubric.flavour].uses_keras
        seed = 0 if self._uses_keras else None
        self._clean = Sibling(exercise, "", seed)
        self._trial: Sibling | RecordedCaller
        self._substitute: Sibling | RecordedCaller
        if exercise.recorded_seed is None:
            text = exercise.reference_path.read_text(encoding="utf-8")
            self._trial = Sibling(exercise, text, seed)
            self._substitute = Sibling(exercise, text, seed, hurried=True)
        else:
            self._trial = self._substitute = RecordedCaller(exercise)
        self._siblings = (self._clean, self._trial, self._substitute)
        self.titles = {name: checks.title_of(name) for name in checks.checks}

    def run(self, zygote: Zygote, submission: Submission, limits: Limits, seed: int, tell: Tell) -> PartResult:
        """Check one submission. Call `tell` with the title of each check, and with each epoch of training."""
        for sibling in self._siblings:
            sibling.use(zygote)
        if self._uses_keras:
            self._clean.begin_again()  # not at the end: a look at the sights needs the models of the run
        announcer = _Announcer(tell)
        start = _training_seed(seed) if self._uses_keras else None
        functions = list(self._rubric.functions)
        sandboxed = Sandboxed(zygote, submission, self._rubric.module, functions, limits, start, announcer.epoch)
        recorder = Recorder(sandboxed)
        with sandboxed:
            failure = sandboxed.load()
            outcomes: tuple[CheckOutcome, ...] = ()
            context: RunContext | None = None
            if failure is None:
                context = RunContext(
                    recorder,
                    seed,
                    self._clean,
                    self._trial,
                    announcer.check,
                    recorder.begin,
                    (lambda: None) if self._uses_keras else self._exercise.read_ahead,  # networks: explained by signs
                    self._chosen,
                )
                outcomes = self._checks.run(context)
                runs = [sandboxed]

                def another(substitutes: Substitutes) -> Sandboxed:
                    module, left = self._rubric.module, runs[-1].left
                    runs.append(Sandboxed(zygote, submission, module, functions, left, substitutes=substitutes))
                    return runs[-1]

                for again in to_check_again(self._rubric, outcomes, recorder.calls, submission):
                    outcomes = better_of(again, outcomes, self._substitute, self._checks, another, context)
            for sibling in (self._trial, self._substitute):  # rarely needed; they use memory as long as they run
                sibling.close()
        return PartResult(failure, outcomes, recorder.calls, sandboxed.captured, context)

    def look(self, zygote: Zygote, submission: Submission, limits: Limits, context: RunContext) -> tuple[Seen, ...]:
        """Return what a submission shows, after its run with this context and before the next run.

        A submission in NumPy is asked in a fresh child: its calls are not recorded, and what it prints is not part of
        the report. A network is not trained again: its sights use what the checks have kept, and the models in the
        clean process.
        """
        from grader.checks.sight import seen_of

        criteria = {criterion.id for criterion in self._rubric.criteria if self._chosen.intersection(criterion.checks)}
        if self._uses_keras:
            return seen_of(self._checks, replace(context, caller=_Ended()), self._exercise, criteria)
        few = replace(limits, submission_seconds=min(limits.submission_seconds, LOOK_SECONDS))
        functions = list(self._rubric.functions)
        with Sandboxed(zygote, submission, self._rubric.module, functions, few) as fresh:
            return seen_of(self._checks, replace(context, caller=fresh), self._exercise, criteria)

    def close(self) -> None:
        """End the siblings."""
        for sibling in self._siblings:
            sibling.close()


def parts_of(exercise: Exercise) -> list[Part]:
    """Return the parts of an exercise: first all checks together, then one part for each criterion with `apart`."""
    criteria = exercise.rubric.criteria
    apart = [frozenset(one.checks) for one in criteria if one.apart]
    first = CheckSession(exercise)
    together = frozenset(first.checks).difference(*apart)
    return [Part(exercise, first, together), *(Part(exercise, CheckSession(exercise), chosen) for chosen in apart)]


def _training_seed(seed: int) -> int:
    """Return the seed of a learner's training. It differs from the seed of the checks."""
    return int.from_bytes(hashlib.sha256(f"training {seed}".encode()).digest()[:4])
