"""Run our own code in a child beside the learner's, or nothing but a learner's models."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from grader.course import Exercise
from grader.sandbox import Answer, Caller, Request, Sandboxed, Stopped, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import SourceFile, Submission

SIBLING_LIMITS: dict[str, Any] = {
    "call_seconds": 30.0, "submission_seconds": math.inf, "cpu_seconds": 24 * 3600, "all_replies_bytes": 2**60,
}  # fmt: skip
"""The limits of a sibling, which lives as long as its worker."""
SERVED_BY_ONE = 20  # submissions, because TensorFlow frees some memory only when its process ends


class Sibling(Caller):
    """A child with our own code, forked when a check first asks for it."""

    def __init__(self, exercise: Exercise, text: str, seed: int | None, hurried: bool = False) -> None:
        """With `hurried`, a call has no more time than a learner's: the learner's own call waits for it."""
        self._hurried = hurried
        self._zygote: Zygote | None = None
        self._exercise = exercise
        self._text = text
        self._seed = seed
        self._sandboxed: Sandboxed | None = None
        self._served = 0

    def use(self, zygote: Zygote) -> None:
        """Set the zygote that forks the child when it is first asked."""
        self._zygote = zygote

    def ask(self, request: Request) -> Answer:
        """Return the answer of our own function."""
        assert self._zygote is not None
        if self._sandboxed is None:
            rubric = self._exercise.rubric
            ours = Submission("reference", self._exercise.key, (SourceFile(f"{rubric.module}.py", self._text),), "")
            usual = FLAVOURS[rubric.flavour].limits
            limits = replace(usual, **SIBLING_LIMITS)
            if self._hurried:
                limits = replace(limits, call_seconds=usual.call_seconds)
            functions = list(rubric.functions) if self._text else []
            self._sandboxed = Sandboxed(self._zygote, ours, rubric.module, functions, limits, self._seed)
        answer = self._sandboxed.ask(request)
        if isinstance(answer, Stopped):
            self.close()
        return answer

    def begin_again(self) -> None:
        """Forget all models, so that each submission finds the same state. Replace the child now and then."""
        self._served += 1
        if self._sandboxed is not None and self._served % SERVED_BY_ONE:
            self._sandboxed.begin_again()
        else:
            self.close()

    def close(self) -> None:
        """End the child. The next call forks a new one."""
        if self._sandboxed is not None:
            self._sandboxed.close()
            self._sandboxed = None
