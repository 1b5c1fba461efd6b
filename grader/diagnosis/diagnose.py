"""Explain wrong answers by the misconceptions of an exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from grader.course import Exercise, Misconception, UnknownQuestionError
from grader.course.call_family import CallFamily
from grader.diagnosis.answers import answer_of, is_unwritten
from grader.diagnosis.behaviours import Behaviours, read_behaviours
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.exploration import OF_CHECKS, AskAll, Item, Question, explored, items_of, questions_of
from grader.diagnosis.location import in_another_order, located
from grader.diagnosis.naming import named_by
from grader.diagnosis.programs import KEPT_ANSWERS, RIGHT, Mix, Programs
from grader.diagnosis.random_functions import RandomFunction, explain_random
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.search import Search

ELEMENTS = 3_000  # of a call; a loop in pure Python needs a few milliseconds for it
WRONG_OF_A_CHECK, RIGHT_OF_A_CHECK = 2, 1  # calls that must agree with what is named
SEARCHED = 4  # items of checks in which a misconception is searched if no call of the family shows one


@dataclass(frozen=True)
class Diagnosis:
    """The misconceptions that explain the answers of a function: none, one, or several at once.

    `complete` is True if everything that is wrong with the function is explained. `explains` names the checks whose
    wrong answers are all explained by `misconceptions`. `located` says for which inputs the function is wrong, as a
    whole sentence; it is what is left to say if no misconception is named. `items` are all that is known.
    """

    function: str
    misconceptions: tuple[Misconception, ...]
    complete: bool = False
    explains: frozenset[str] = frozenset()
    located: str = ""
    items: tuple[Item, ...] = field(default=(), repr=False, compare=False)

    @property
    def question(self) -> str:
        """Return what to ask the learner first."""
        return " ".join(dict.fromkeys(one.question for one in self.misconceptions))


class Diagnostician:
    """The misconceptions of one exercise. It keeps what our programs answer: the next one gets the same calls."""

    def __init__(self, exercise: Exercise, exhaustive: bool = False) -> None:
        """With `exhaustive`, ask our programs more than is needed: a kit records what they answer."""
        self._exercise = exercise
        self._exhaustive = exhaustive
        self._programs: dict[str, Programs] = {}
        self._behaviours: Mapping[str, Behaviours] | None = None
        self._random: dict[str, RandomFunction] = {}
        self._answers: dict[tuple[Any, bytes], Any] = {}
        self._questions: dict[tuple[str, int], list[Question]] = {}

    @np.errstate(all="ignore")  # answers may be infinite
    def diagnose(
        self,
        function: str,
        calls: Sequence[Recorded],
        ask_all: AskAll,
        deadline: Deadline | None = None,
        failed: Collection[str] | None = None,
    ) -> Diagnosis | None:
        """Return what explains the answers of a function that failed; None if nothing was wrong with them.

        `calls` are those of the checks, and `failed` names the checks that failed, if that is known. `ask_all` asks the
        learner's function once more. Raises TimeUpError at the deadline.
        """
        written = [call for call in calls if not is_unwritten(call)]
        if not written or not callable(getattr(self._exercise.reference(), function, None)):
            return None
        programs = self._programs_of(function)
        complete = len(written) == len(calls)
        if any(call.is_random for call in written):
            of_failed = [call for call in written if failed is None or call.check in failed]
            found = self._diagnose_random(programs, of_failed, failed or (), ask_all, deadline)
        else:
            found = self._diagnose_certain(programs, written, ask_all, deadline)
        return found if found is None or complete else replace(found, complete=False)

    def _diagnose_certain(
        self, programs: Programs, calls: Sequence[Recorded], ask_all: AskAll, deadline: Deadline | None
    ) -> Diagnosis | None:
        """Return what explains a function that gives the same answer each time."""
        function = programs.function
        of_checks = self._items_of_checks(programs, calls, deadline)
        items = [*self._explored(programs, 0, ask_all), *self._explored(programs, 1, ask_all)]
        search = Search(programs, deadline, self._exhaustive)
        search.explain(items)
        search.items += of_checks
        named = named_by(search)
        if not named.complete:
            pairs = self._explored(programs, 2, ask_all)
            search.explain(pairs)
            items += pairs
            if not any(item.is_wrong for item in items):
                search.explain([item for item in of_checks if item.is_wrong][: SEARCHED if items else None])
            named = named_by(search)
        if not any(item.is_wrong for item in search.items):
            return None
        results = [one.name for one in self._exercise.rubric.functions[function]]
        if not named.complete and (order := in_another_order(search.items, results)):
            return Diagnosis(function, (), located=order, items=tuple(search.items))
        overwriting = self._overwriting(programs, search, named.program, len(results))
        misconceptions = (*named.misconceptions, *(one for one in overwriting if one not in named.misconceptions))
        explained = {
            id(item)
            for item in search.items
            if search.explains(named.program, item) or (overwriting and item.part >= len(results))
        }
        left = [item for item in search.items if not (item.is_wrong and id(item) in explained)]
        return Diagnosis(
            function,
            misconceptions,
            complete=bool(misconceptions) and len(explained) == len(search.items),
            explains=_explained_checks(of_checks, explained) if misconceptions else frozenset(),
            located=located(left, results),
            items=tuple(search.items),
        )

    def _diagnose_random(
        self,
        programs: Programs,
        calls: Sequence[Recorded],
        failed: Collection[str],
        ask_all: AskAll,
        deadline: Deadline | None,
    ) -> Diagnosis | None:
        function = programs.function
        family = self._exercise.calls().get(function)
        if family is None:
            return None
        if function not in self._random:
            self._random[function] = self._random_function(programs, family)
        asked = replace(self._random[function], deadline=deadline)
        criteria = [one for one in self._exercise.rubric.criteria if one.function == function]
        own = [name for one in criteria for name in one.checks if name in failed]
        found = explain_random(asked, calls, own, partial(self._answer, deadline), ask_all)
        if found is None:
            return None
        return Diagnosis(function, found.misconceptions, found.complete, found.explains, found.located)

    def _random_function(self, programs: Programs, family: CallFamily) -> RandomFunction:
        misconceptions = self._exercise.misconceptions()
        return RandomFunction(
            Program((programs.function, "reference"), programs.reference),
            Candidates(self._exercise, programs.function, misconceptions, programs.measured),
            family,
            [one.name for one in self._exercise.rubric.functions[programs.function]],
            {name: one.title for one in self._exercise.rubric.criteria for name in one.checks},
            stored=programs.measured,
        )

    def _answer(self, deadline: Deadline | None, program: Program, call: Recorded) -> Any:
        if deadline is not None:
            deadline.check_now_and_then()
        place = (program.key, call.fingerprint)
        if place not in self._answers:
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[place] = answer_of(program.function, call)
        return self._answers[place]

    def _overwriting(self, programs: Programs, search: Search, program: Mix, results: int) -> tuple[Misconception, ...]:
        """Return the misconceptions that overwrite an argument, if the function does that in its own way."""
        overwritten = (item for item in search.items if item.part >= results and item.is_wrong)
        if all(search.explains(program, item) or not isinstance(item.theirs, np.ndarray) for item in overwritten):
            return ()
        known = dict.fromkeys(form.misconception for form in programs.forms)
        return tuple(one for one in known if one.overwrites)

    def _explored(self, programs: Programs, aspects: int, ask_all: AskAll) -> list[Item]:
        """Ask the calls of the function's family with this number of aspects."""
        family = self._exercise.calls().get(programs.function)
        if family is None:
            return []
        place = programs.function, aspects
        if place not in self._questions:
            self._questions[place] = questions_of(family, programs.reference, aspects)
        return explored(self._questions[place], ask_all, lambda call: programs.answer(RIGHT, call))

    def _items_of_checks(self, programs: Programs, calls: Sequence[Recorded], deadline: Deadline | None) -> list[Item]:
        """Return the items of the smallest calls of each check, wrong ones and right ones."""
        kept: list[Item] = []
        counts: Counter[tuple[str, bool]] = Counter()
        for call in sorted(calls, key=lambda one: one.elements):
            if call.elements > ELEMENTS and counts[call.check, True]:
                continue
            try:
                right = programs.answer(RIGHT, call, deadline)
            except UnknownQuestionError:
                continue
            items = items_of(call, call.answer, OF_CHECKS, (), right)
            wrong = any(item.is_wrong for item in items)
            counts[call.check, wrong] += 1
            if counts[call.check, wrong] <= (WRONG_OF_A_CHECK if wrong else RIGHT_OF_A_CHECK):
                kept += items
        return kept

    def _programs_of(self, function: str) -> Programs:
        if function not in self._programs:
            if self._behaviours is None:
                self._behaviours = read_behaviours(self._exercise)
            known = self._behaviours.get(function)
            self._programs[function] = Programs(self._exercise, function, self._exercise.misconceptions(), known)
        return self._programs[function]


def _explained_checks(items: Sequence[Item], explained: Collection[int]) -> frozenset[str]:
    """Return the checks with wrong items that are explained, all of them. `explained` holds the ids of objects."""
    wrong: dict[str, bool] = {}
    for item in items:
        if item.is_wrong:
            wrong[item.call.check] = wrong.get(item.call.check, True) and id(item) in explained
    return frozenset(check for check, are in wrong.items() if are)
