"""Run some of the checks of an exercise in processes of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.checks import CheckOutcome
from grader.checks.session import CheckSession, RunContext
from grader.course import Exercise
from grader.diagnosis import Recorded, Recorder
from grader.grading.sibling import Sibling
from grader.sandbox import Limits, Raised, Sandboxed, Stopped, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.sandboxed import Captured
from grader.submission import Submission

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class PartResult:
    """The result of a part: why the file did not load, or the outcomes and the calls that led to them."""

    failure: Raised | Stopped | None
    outcomes: tuple[CheckOutcome, ...]
    calls: Mapping[str, Sequence[Recorded]]
    captured: Captured


class Part:
    """Some checks of an exercise, the child with the learner's code, and three siblings with our own code.

    Parts share only the zygote. They give the same results one after another and at the same time.
    """

    def __init__(self, exercise: Exercise, checks: CheckSession, chosen: Collection[str]) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._checks = checks
        self._chosen = chosen
        self._uses_keras = FLAVOURS[self._rubric.flavour].uses_keras
        text = exercise.reference_path.read_text(encoding="utf-8")
        self._baseline = Sibling(exercise, text, None)
        self._trial = Sibling(exercise, text, 0 if self._uses_keras else None)
        self._clean = Sibling(exercise, "", 0 if self._uses_keras else None)
        self.titles = {name: checks.title_of(name) for name in checks.checks}

    def run(self, zygote: Zygote, submission: Submission, limits: Limits, seed: int, tell: Tell) -> PartResult:
        """Check one submission. Call `tell` with the title of each check, and with each epoch of training."""
        start = _training_seed(seed) if self._uses_keras else None
        title = ""

        def tell_check(name: str) -> None:
            nonlocal title
            title = name
            tell(title, "")

        def tell_epoch(number: int, of: int) -> None:
            tell(title, f"Epoch {number} of {of}")

        functions = list(self._rubric.functions)
        baseline, clean, trial = (one.from_zygote(zygote) for one in (self._baseline, self._clean, self._trial))
        sandboxed = Sandboxed(zygote, submission, self._rubric.module, functions, limits, start, tell_epoch)
        recorder = Recorder(sandboxed)
        with sandboxed:
            failure = sandboxed.load()
            outcomes: tuple[CheckOutcome, ...] = ()
            if failure is None:
                context = RunContext(recorder, seed, baseline, clean, trial, tell_check, self._chosen)
                outcomes = self._checks.run(context)
                if self._uses_keras:
                    self._clean.begin_again()
            self._trial.close()  # it is rarely needed, and it uses memory as long as it runs
        return PartResult(failure, outcomes, recorder.calls, sandboxed.captured)

    def close(self) -> None:
        """End our own processes."""
        self._baseline.close()
        self._trial.close()
        self._clean.close()


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
