"""Answer for the reference from what was recorded: in a kit there is no reference that could run."""

from __future__ import annotations

from grader.checks import DirectCaller
from grader.course import Exercise
from grader.sandbox import Answer, Caller, Reason, Request, Stopped, Zygote


class RecordedCaller(Caller):
    """The recorded answers of the reference, in the place of a sibling that runs it."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def use(self, zygote: Zygote) -> None:
        """Do nothing: no process is needed."""

    def ask(self, request: Request) -> Answer:
        """Return the recorded answer; a Stopped if there is none."""
        reference = self._exercise.reference()
        before = self._exercise.unanswered
        answer = DirectCaller(vars(reference)).ask(request)
        if self._exercise.unanswered > before:
            return Stopped(Reason.UNAVAILABLE, f"the kit has no answer of {request.function} to this question")
        return answer

    def close(self) -> None:
        """Do nothing."""
