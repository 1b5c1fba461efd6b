"""Find the smallest input for which a wrong function fails, and describe it with the learner's and the right result.

The plainest failing call of the function's family is the smallest input. If no call of the family fails, or if there is
no family, a failing call of the checks is made smaller. It stays a call that the stub describes, and it keeps failing
in the same way. The number of tries is limited, not their time: the same program gets the same message.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.checks.call import SMALL, Call, show_number, show_whole
from grader.checks.proxy import describe_value
from grader.course import UnknownQuestionError
from grader.diagnosis.answers import Failed, answer_of, near
from grader.diagnosis.exploration import OF_CHECKS, Item, items_of
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.smaller import Arguments, smaller
from grader.sandbox.answer import Answer, Raised, Returned, Stopped

TRIES = 60
ELEMENTS = 600  # with more, a learner's loops take too long to run sixty times
SMALLEST = "The smallest input found on which it fails"
ANOTHER = "Another input on which it fails"  # numbers alone: the check's own input may have had smaller ones

Ask = Callable[[Arguments, dict[str, Any]], Answer]


def smallest_failing(
    items: Sequence[Item], reference: Callable[..., Any], ask: Ask, valid: Callable[..., bool]
) -> Item | None:
    """Return the item with the smallest failing input; None if there is none that can be shown.

    `ask` calls the learner's function. Random calls are left out: they have no smallest input.
    """
    wrong = [item for item in items if item.is_wrong and not item.call.is_random]
    explored = [item for item in wrong if item.level < OF_CHECKS]
    if explored:
        return min(explored, key=lambda item: item.level)  # of equal ones the first
    small = [item for item in wrong if item.call.elements <= ELEMENTS and not item.call.after]
    first = min(small, key=lambda item: item.call.elements, default=None)
    return None if first is None else _shrunk(first, reference, ask, valid)


def in_words(function: str, results: Sequence[str], reference: Callable[..., Any], item: Item) -> str:
    """Return the message for a learner: the call, its wrong result and the right one.

    `results` are the names of the function's results.
    """
    bound = inspect.signature(reference).bind(*item.call.arguments, **item.call.named)
    call = Call(function, dict(bound.arguments), exact=True)
    has_array = any(isinstance(value, np.ndarray) for value in bound.arguments.values())
    return f"{SMALLEST if has_array else ANOTHER}: {call}\n{seen_in_words(results, reference, item)}"


def seen_in_words(results: Sequence[str], reference: Callable[..., Any], item: Item) -> str:
    """Return a sentence about the wrong result of a call and the right one."""
    bound = inspect.signature(reference).bind(*item.call.arguments, **item.call.named)
    return f"For this input, {_seen(results, list(bound.arguments), item)}."


def _seen(results: Sequence[str], parameters: Sequence[str], item: Item) -> str:
    """Return what is wrong with a result, and what is right."""
    if isinstance(item.answer, Raised):
        return f"it raises {item.answer.kind}: {item.answer.message[:200]}"
    if isinstance(item.right, Failed):
        return f"it must raise {item.right.kind}, and it returned {_described(item.answer)}"
    if item.part >= len(results):
        return f"it changes its argument {_changed(item, parameters, len(results))}"
    name = results[item.part]
    if item.theirs is None:
        expected = results[0] if len(results) == 1 else f"{len(results)} results: {', '.join(results)}"
        return f"it returned {_described(item.answer)}; expected {expected}"
    if item.theirs.shape != item.right.shape:
        return f"{name} has shape {item.theirs.shape}; expected {item.right.shape}"
    if item.right.size <= SMALL:
        return f"{name} is {show_whole(item.theirs)}; expected {show_whole(item.right)}"
    index = np.unravel_index(int((~near(item.right, item.theirs)).argmax()), item.right.shape)
    place = f"{name}[{', '.join(str(int(i)) for i in index)}]"
    return f"{place} is {show_number(item.theirs[index])}; expected {show_number(item.right[index])}"


def _described(answer: Answer) -> str:
    return describe_value(answer.value if isinstance(answer, Returned) else None)


def _changed(item: Item, parameters: Sequence[str], results: int) -> str:
    """Return the name of the argument that a function has changed."""
    arrays = [i for i, value in enumerate(item.call.arguments) if isinstance(value, np.ndarray)]
    return parameters[arrays[item.part - results]]


def _kind(item: Item) -> tuple[str, int]:
    """Return in which way and in which result a function fails."""
    if isinstance(item.theirs, Failed):
        return item.theirs.kind, 0
    if item.theirs is None or isinstance(item.right, Failed):
        return "another form", 0
    return "a wrong shape" if item.theirs.shape != item.right.shape else "a wrong value", item.part


def _shrunk(item: Item, reference: Callable[..., Any], ask: Ask, valid: Callable[..., bool]) -> Item:
    """Return the item of the smallest call that fails in the same way."""
    tries, current, going = 0, item, True
    while going:
        going = False
        for arguments, named in smaller(current.call.arguments, dict(current.call.named)):
            if tries >= TRIES:
                break
            call = Recorded(arguments, named, Returned(None), 0)
            try:
                right = answer_of(reference, call) if _is_valid(valid, reference, call) else None
            except UnknownQuestionError:
                continue
            if not isinstance(right, tuple):
                continue
            tries += 1
            answer = ask(arguments, named)
            if isinstance(answer, Stopped):
                return current
            alike = [
                one
                for one in items_of(call, answer, OF_CHECKS, (), right)
                if one.is_wrong and _kind(one) == _kind(item)
            ]
            if alike:
                current, going = alike[0], True
                break
    return current


def _is_valid(valid: Callable[..., bool], reference: Callable[..., Any], call: Recorded) -> bool:
    """Return True if the stub describes a call."""
    bound = inspect.signature(reference).bind(*call.arguments, **call.named)
    bound.apply_defaults()
    return valid(*bound.arguments.values())
