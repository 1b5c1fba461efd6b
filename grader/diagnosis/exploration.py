"""Explore a function: make the plainest calls of its family, then calls with one aspect, then with two.

An item is one result of one call. A function can be right in one result and wrong in another, so each is explained
separately. The arguments after a call are results, too: they show what a function wrote into them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.course import Aspect, CallFamily
from grader.diagnosis.answers import Failed, answer_of, results_among, said, same_array
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Answer, Raised, Returned, Stopped

DRAWS = 2  # of the plainest call and of each aspect: one call can agree by coincidence
SEED = 2012
PLAIN, MOST_ASPECTS, OF_CHECKS = 0, 2, 3

AskAll = Callable[[Sequence[tuple[Any, ...]]], Sequence[Answer]]
"""Asks the learner's function several calls by their positional arguments. The answers end with the first Stopped."""

_NOT_YET = Returned(None)


@dataclass(frozen=True)
class Question:
    """A call of a family, and the aspects that it has."""

    call: Recorded
    aspects: tuple[Aspect, ...] = ()


@dataclass(frozen=True)
class Item:
    """One result of one call: the learner's in `theirs` and our reference's in `right`.

    `level` is the number of aspects, or OF_CHECKS for a call of a check. `part` is the number of the result. `theirs`
    is None if `answer`, the whole answer, has no such result.
    """

    call: Recorded
    answer: Answer
    level: int
    aspects: tuple[Aspect, ...]
    part: int
    theirs: Any
    right: Any

    @cached_property
    def is_wrong(self) -> bool:
        """Return True if the learner's result differs from ours."""
        with np.errstate(all="ignore"):  # a learner's numbers may be infinite
            return not agree(self.right, self.theirs)


def questions_of(family: CallFamily, reference: Callable[..., Any], aspects: int) -> list[Question]:
    """Return the calls with this number of aspects. They are always the same."""
    found = []
    for chosen in itertools.combinations(family.aspects, aspects):
        settings = [name for one in chosen for name in one.settings]
        if len(set(settings)) < len(settings):
            continue  # both set the same
        for draw in range(1 if aspects > 1 else DRAWS):
            rng = np.random.default_rng([SEED, draw, *(family.aspects.index(one) for one in chosen)])
            arguments = family.make(rng, **{name: value for one in chosen for name, value in one.settings.items()})
            call = Recorded(arguments, {}, _NOT_YET, 0, after=True)
            if isinstance(answer_of(reference, call), tuple):
                found.append(Question(call, chosen))
    return found


def calls_of(family: CallFamily, reference: Callable[..., Any], most: int = MOST_ASPECTS) -> list[Recorded]:
    """Return the calls with at most this number of aspects, each once."""
    several = [questions_of(family, reference, number) for number in range(most + 1)]
    return list({one.call.fingerprint: one.call for questions in several for one in questions}.values())


def explored(questions: Sequence[Question], ask_all: AskAll, right: Callable[[Recorded], Any]) -> list[Item]:
    """Ask the learner's function and return the items, in the order of the questions. Leave out what is not written."""
    answers = ask_all([one.call.arguments for one in questions])
    return [
        item
        for question, answer in zip(questions, answers, strict=False)
        if not isinstance(answer, Stopped) and not (isinstance(answer, Raised) and answer.unwritten)
        for item in items_of(question.call, answer, len(question.aspects), question.aspects, right(question.call))
    ]


def items_of(call: Recorded, answer: Answer, level: int, aspects: tuple[Aspect, ...], right: Any) -> list[Item]:
    """Return the items of one call. If the learner's function raises, or our reference, that is the only result."""
    if not isinstance(right, tuple):
        return [Item(call, answer, level, aspects, 0, part_of(said(answer), 0), right)]
    results = results_among(right, call)
    theirs = said(answer, results)
    if isinstance(theirs, tuple) and len(theirs) != len(right):
        theirs = None  # another number of results
    if isinstance(theirs, Failed):
        return [Item(call, answer, level, aspects, 0, theirs, right[0])]
    return [Item(call, answer, level, aspects, part, part_of(theirs, part), ours) for part, ours in enumerate(right)]


def part_of(answer: Any, part: int) -> Any:
    """Return one result of an answer; an exception takes the place of each."""
    if isinstance(answer, tuple):
        return answer[part] if part < len(answer) else None
    return answer


def agree(ours: Any, theirs: Any) -> bool:
    """Return True if two results are equal, or if both are exceptions that mean the same."""
    if ours is None or theirs is None:
        return False
    if isinstance(ours, Failed) or isinstance(theirs, Failed):
        return isinstance(ours, Failed) and isinstance(theirs, Failed) and ours.means(theirs)
    return same_array(ours, theirs)


def wrong_in(ours: Any, right: Any) -> int:
    """Return how many numbers of a result are wrong; a wrong shape counts as one, an exception as none."""
    if isinstance(ours, Failed) or isinstance(right, Failed) or ours is None or right is None:
        return 0
    if ours.shape != right.shape:
        return 1
    if same_array(right, ours):
        return 0
    with np.errstate(all="ignore"):
        return int((~np.isclose(ours, right, equal_nan=True)).sum())
