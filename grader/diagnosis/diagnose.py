"""Explain wrong answers by the misconceptions of an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from grader.course import Exercise, Misconception
from grader.diagnosis.answers import answer_of, is_unwritten
from grader.diagnosis.candidates import Candidates, Program, candidates
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.evidence import Ask, gather
from grader.diagnosis.inquiry import explanation_of
from grader.diagnosis.random_functions import AskAll, RandomFunction, explain_random
from grader.diagnosis.recorder import Recorded

KEPT_ANSWERS = 50_000


@dataclass(frozen=True)
class Diagnosis:
    """The misconceptions that explain the answers of a function: one, or several at once.

    If several fit and nothing separates them, none is named, and `separating` is the question that would separate them.
    `complete` is True if everything that is wrong with the function is explained. `explains` names the checks whose
    wrong answers are all explained by `misconceptions`. `located` says for which inputs the function is wrong, as a
    whole sentence; it is what is left to say if no misconception is named.
    """

    function: str
    misconceptions: tuple[Misconception, ...]
    separating: str = ""
    complete: bool = False
    explains: frozenset[str] = frozenset()
    located: str = ""

    @property
    def question(self) -> str:
        """Return what to ask the learner first."""
        return " ".join(dict.fromkeys(one.question for one in self.misconceptions)) or self.separating


class Diagnostician:
    """The misconceptions of one exercise. It keeps their answers: the next submission is asked the same questions."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._misconceptions: tuple[Misconception, ...] | None = None
        self._candidates: dict[str, Candidates] = {}
        self._answers: dict[tuple[Any, bytes], Any] = {}

    def diagnose(
        self,
        function: str,
        calls: Sequence[Recorded],
        ask: Ask | None = None,
        deadline: Deadline | None = None,
        ask_all: AskAll | None = None,
    ) -> Diagnosis | None:
        """Return what explains the answers of a function that failed; None if nothing does.

        `ask` calls the learner's function once more, if several misconceptions fit all calls of the checks. `ask_all`
        makes many calls at once, each with its arguments after the call; a random function needs it. Raises TimeUpError
        at the deadline.
        """
        known = self._known(function)
        reference = getattr(self._exercise.reference(), function, None)
        written = [call for call in calls if not is_unwritten(call)]
        if not known.singles or reference is None or not written:
            return None
        answer = partial(self._answer, deadline)
        program = Program((function, "reference"), reference)
        family = self._exercise.calls().get(function)
        if any(call.is_random for call in written) and family is not None and ask_all is not None:
            explained = explain_random(
                RandomFunction(program, known, family, self._results(function), deadline), written, answer, ask_all
            )
            if explained is None:
                return None
            return Diagnosis(
                function,
                explained.misconceptions,
                complete=explained.complete and len(written) == len(calls),
                explains=explained.explains,
                located=explained.located,
            )
        found = explanation_of(gather(program, known, written, answer, ask))
        if found is None:
            return None
        complete = found.complete and len(written) == len(calls)
        return Diagnosis(function, found.misconceptions, found.separating, complete and bool(found.misconceptions))

    def _results(self, function: str) -> list[str]:
        return [one.name for one in self._exercise.rubric.functions[function]]

    def _known(self, function: str) -> Candidates:
        if self._misconceptions is None:
            self._misconceptions = self._exercise.misconceptions()
        if function not in self._candidates:
            self._candidates[function] = candidates(self._exercise, function, self._misconceptions)
        return self._candidates[function]

    def _answer(self, deadline: Deadline | None, program: Program, call: Recorded) -> Any:
        if deadline is not None:
            deadline.check()
        place = (program.key, call.fingerprint)
        if place not in self._answers:
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[place] = answer_of(program.function, call)
        return self._answers[place]
