"""Find the smallest input for which a wrong function fails, by making a failing call of the checks smaller.

All axes of the same length are cut at once, so that arrays still fit each other. Numbers become small integers, and
integer arguments become 1. An input is left out if the reference does not accept it. The number of tries is limited,
not their time: the same program gets the same message.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.call import Call, show_number
from grader.checks.proxy import describe_value
from grader.diagnosis.answers import answer_of, near, said, same
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.smaller import Arguments, smaller
from grader.sandbox.answer import Answer, Raised, Returned, Stopped

TRIES = 60
ELEMENTS = 600  # with more, a learner's loops take too long to run sixty times

Ask = Callable[[Arguments, dict[str, Any]], Answer]


@dataclass(frozen=True)
class Smallest:
    """A failing call: its arguments, the learner's answer, and the position of the first wrong number."""

    arguments: Arguments
    named: dict[str, Any]
    answer: Answer
    place: tuple[int, tuple[int, ...]] | None


def smallest_failing(calls: Sequence[Recorded], reference: Callable[..., Any], ask: Ask) -> Smallest | None:
    """Return the smallest failing call; None if no call of the checks can be made smaller.

    `ask` calls the learner's function. Calls with a generator are left out: random functions have no smallest input.
    """
    usable = [call for call in calls if call.elements <= ELEMENTS and not call.is_random]
    for call in sorted(usable, key=lambda one: one.elements):
        if call.after:
            continue  # it was asked for its arguments after the call, not for its result
        if _fails(call, reference):
            return _shrunk(call, reference, ask)
    return None


def in_words(function: str, results: Sequence[str], reference: Callable[..., Any], smallest: Smallest) -> str:
    """Return the message for a learner: the call and its wrong answer. It shows no number of the reference.

    `results` are the names of the function's results.
    """
    bound = inspect.signature(reference).bind(*smallest.arguments, **smallest.named)
    call = Call(function, dict(bound.arguments), exact=True)
    if isinstance(smallest.answer, Raised):
        seen = f"it raises {smallest.answer.kind}: {smallest.answer.message[:200]}"
    elif smallest.place is None:
        seen = _form_in_words(results, smallest, reference)
    else:
        number, index = smallest.place
        place = f"{results[number]}[{', '.join(map(str, index))}]" if index else results[number]
        value = said(smallest.answer, len(results))[number][index]
        seen = f"{place} is {show_number(value)}, which is wrong"
    return f"The smallest input found on which it fails: {call}\nFor this input, {seen}."


def _form_in_words(results: Sequence[str], smallest: Smallest, reference: Callable[..., Any]) -> str:
    """Describe how the form of an answer differs from the expected one."""
    call = Recorded(smallest.arguments, smallest.named, smallest.answer, 0)
    ours, theirs = answer_of(reference, call), said(smallest.answer, len(results))
    if isinstance(theirs, tuple) and len(ours) == len(theirs):
        for name, one, other in zip(results, ours, theirs, strict=True):
            if one.shape != other.shape:
                return f"{name} has shape {other.shape}, expected {one.shape}"
    returned = smallest.answer.value if isinstance(smallest.answer, Returned) else None
    expected = "an array" if len(results) == 1 else f"{len(results)} arrays: {', '.join(results)}"
    return f"it returned {describe_value(returned)}; expected {expected}"


def _shrunk(call: Recorded, reference: Callable[..., Any], ask: Ask) -> Smallest:
    tries, current, going = 0, call, True
    while going:
        going = False
        for arguments, named in smaller(current.arguments, dict(current.named)):
            if tries >= TRIES:
                break
            if not isinstance(answer_of(reference, Recorded(arguments, named, current.answer, 0)), tuple):
                continue  # not a valid input of this function
            tries += 1
            answer = ask(arguments, named)
            if isinstance(answer, Stopped):
                return _found(current, reference)
            candidate = Recorded(arguments, named, answer, 0)
            if _fails(candidate, reference):
                current, going = candidate, True
                break
    return _found(current, reference)


def _found(call: Recorded, reference: Callable[..., Any]) -> Smallest:
    return Smallest(call.arguments, dict(call.named), call.answer, _first_difference(call, reference))


def _fails(call: Recorded, reference: Callable[..., Any]) -> bool:
    ours = answer_of(reference, call)
    return not same(ours, said(call.answer, len(ours) if isinstance(ours, tuple) else 0))


def _first_difference(call: Recorded, reference: Callable[..., Any]) -> tuple[int, tuple[int, ...]] | None:
    """Return the result and the index of the first difference; None if the answers differ in shape or kind."""
    ours = answer_of(reference, call)
    theirs = said(call.answer, len(ours) if isinstance(ours, tuple) else 0)
    if not isinstance(ours, tuple) or not isinstance(theirs, tuple) or len(ours) != len(theirs):
        return None
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if one.shape != other.shape:
            return None
        wrong = ~near(one, other)
        if wrong.any():
            place = np.unravel_index(int(wrong.argmax()), wrong.shape)
            return number, tuple(int(i) for i in place)
    return None
