"""Recognise a function that computes nothing: it returns its arguments, or one constant for every call.

Such a function may agree with a named misconception in each call, because a check asks for what a constant does not
show. Constants earn nothing, so nothing is given back for them either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.sandbox import Foreign, Returned

if TYPE_CHECKING:
    from grader.diagnosis import Diagnosis, Recorded


def without_idle(diagnoses: Sequence[Diagnosis], calls: Mapping[str, Sequence[Recorded]]) -> tuple[Diagnosis, ...]:
    """Return the diagnoses; those of functions that compute nothing explain no check."""
    return tuple(
        replace(one, explains=frozenset()) if one.explains and is_idle(calls.get(one.function, ())) else one
        for one in diagnoses
    )


def is_idle(calls: Sequence[Recorded]) -> bool:
    """Return True if each result of each call is an array that was given, or the same constant in all calls."""
    returned = [(call, _results(call.answer.value)) for call in calls if isinstance(call.answer, Returned)]
    most = max((len(results) for _, results in returned), default=0)
    return most > 0 and all(
        _is_idle_result([(call, results[i]) for call, results in returned if i < len(results)]) for i in range(most)
    )


def _results(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _is_idle_result(given: Sequence[tuple[Recorded, Any]]) -> bool:
    constants: set[str] = set()
    for call, value in given:
        if isinstance(value, Foreign) or (isinstance(value, np.ndarray) and not value.size):
            continue
        if isinstance(value, np.ndarray) and any(
            _is_same(value, one) for one in (*call.arguments, *call.named.values())
        ):
            continue
        numbers = np.asarray(value).ravel() if isinstance(value, np.ndarray | bool | int | float) else None
        if numbers is None:
            constants.add(repr(value))
        elif not np.array_equal(numbers, np.full_like(numbers, numbers[0]), equal_nan=numbers.dtype.kind in "fc"):
            return False
        else:
            constants.add(_in_words(numbers[0]))
    return len(constants) <= 1


def _in_words(number: Any) -> str:
    """Return one text for equal numbers of different types. A learner's number may be too large for a float."""
    try:
        return repr(complex(number))
    except (OverflowError, TypeError, ValueError):
        return repr(number)


def _is_same(value: Any, given: Any) -> bool:
    return isinstance(given, np.ndarray) and value.shape == given.shape and bool(np.array_equal(value, given))
