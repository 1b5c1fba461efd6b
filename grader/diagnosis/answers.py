"""Answers of the learner's function and of our own in one form: a tuple of arrays, a failure, or None."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checks.call import is_numeric
from grader.course import UnknownQuestionError
from grader.course.fault import built_in_name
from grader.diagnosis.recorder import GeneratorState, Recorded
from grader.sandbox.answer import Raised, Returned

RELATIVE, ABSOLUTE = (
    1e-7,
    1e-9,
)  # programs of one misconception sum in different orders; two misconceptions differ by far more
RELATIVE_SINGLE = 1e-4
FAR = 1e-3  # a difference that no precision explains
MESSAGE_CHARACTERS = 200  # of an exception that are compared
MISFITS = frozenset({"ValueError", "IndexError"})  # NumPy raises one or the other if shapes do not fit


@dataclass(frozen=True)
class Failed:
    """An exception in place of an answer. Two are equal if they are of one kind, whatever their messages say."""

    kind: str
    message: str = field(default="", compare=False)

    def means(self, other: Failed) -> bool:
        """Return True if two exceptions may have one cause: NumPy has several for shapes that do not fit."""
        return self == other or {self.kind, other.kind} <= MISFITS

    def says_as(self, other: Failed) -> bool:
        """Return True if two exceptions are of one kind and have one message, with the same shapes in it."""
        return self == other and self.message == other.message != ""


def answer_of(function: Callable[..., Any], call: Recorded) -> Any:
    """Return the answer of our own function: a tuple of arrays; Failed if it raises, None for something else.

    Raises UnknownQuestionError if the function is that of a kit, and its answer was not recorded.
    """
    arguments = [_given(value) for value in call.arguments]
    named = {name: _given(value) for name, value in call.named.items()}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = _arrays_in(function(*arguments, **named))
            return (*value, *_after(call, arguments)) if call.after and value is not None else value
    except UnknownQuestionError:
        raise
    except Exception as error:  # a wrong variant may raise, and then that is its answer
        return Failed(built_in_name(error), str(error)[:MESSAGE_CHARACTERS])


def _after(call: Recorded, arguments: Iterable[Any]) -> list[Any]:
    """Return the arrays among the arguments after a call. An array that has not changed is the one of the call.

    It takes less time to see that two results are one array than that they are equal.
    """
    pairs = zip(arrays_among(call.arguments), arrays_among(arguments), strict=True)
    return [
        before if before.shape == after.shape and before.tobytes() == after.tobytes() else after
        for before, after in pairs
    ]


def said(answer: Any, results: int = 0) -> Any:
    """Return the answer of a learner's function in the same form.

    If `results` gives the number of results, a list of numbers for one array and one array for several results are
    accepted, as in the checks.
    """
    if isinstance(answer, Returned):
        given = answer.value
        if results == 1 and isinstance(given, list):
            given = (given,)
        elif results > 1 and isinstance(given, np.ndarray) and given.ndim and len(given) == results:
            given = tuple(given)
        value = _arrays_in(given)
        return value if value is None or answer.arguments is None else (*value, *arrays_among(answer.arguments))
    return Failed(answer.built_in, answer.message[:MESSAGE_CHARACTERS]) if isinstance(answer, Raised) else None


def results_among(answer: Any, call: Recorded) -> int:
    """Return how many arrays of an answer are results; the others are the arguments after the call."""
    return len(answer) - (len(arrays_among(call.arguments)) if call.after else 0)


def is_unwritten(call: Recorded) -> bool:
    """Return True if the learner has not written the function, or has left a part of it as a stub."""
    return isinstance(call.answer, Raised) and call.answer.unwritten


def same(ours: Any, theirs: Any) -> bool:
    """Return True if two answers are equal, up to the order in which numbers are summed."""
    if ours is None or theirs is None:
        return False
    if isinstance(ours, Failed) or isinstance(theirs, Failed):
        return isinstance(ours, Failed) and isinstance(theirs, Failed) and ours.means(theirs)
    with np.errstate(all="ignore"):
        return len(ours) == len(theirs) and all(map(same_array, ours, theirs))


def same_array(ours: Any, theirs: Any) -> bool:
    """Return True if two arrays are equal. Like the checks, accept a row for a vector.

    Its caller ignores NumPy's warnings, because numbers may be infinite: to do that here would take half of its time.
    """
    if ours.ndim == 1 and theirs.shape == (1, *ours.shape):
        theirs = theirs[0]
    if ours.shape != theirs.shape:
        return False
    if ours.dtype == theirs.dtype == np.float64 and ours.size:  # the usual case, in a few operations
        apart = _largest(ours - theirs)
        if apart <= ABSOLUTE:
            return True
        if apart > FAR and math.isfinite(apart) and apart > FAR * _largest(ours):
            return False
    return bool(near(ours, theirs).all())


def _largest(numbers: Any) -> float:
    """Return the largest absolute value, without the detour of `numbers.max()` through Python."""
    return float(np.maximum.reduce(np.abs(numbers), axis=None))


def near(ours: Any, theirs: Any) -> Any:
    """Return for each element of two arrays of one shape whether the numbers are equal."""
    if not ours.size:
        return np.ones(ours.shape, bool)
    relative = RELATIVE_SINGLE if np.float32 in (ours.dtype, theirs.dtype) else RELATIVE
    with np.errstate(all="ignore"):
        size = np.abs(ours)
        scale = float(size.max()) if ours.dtype.kind in "fc" else 0.0
        if not np.isfinite(scale):
            scale = float(np.max(size, initial=0.0, where=np.isfinite(size)))
        close = np.abs(ours - theirs) <= ABSOLUTE + relative * scale if _subtractable(ours, theirs) else ours == theirs
        if not close.all():
            close |= (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    return close


def arrays_among(arguments: Iterable[Any]) -> list[Any]:
    """Return the arrays among arguments: after a call they show what a function wrote into them."""
    return [value for value in arguments if isinstance(value, np.ndarray)]


def _subtractable(ours: Any, theirs: Any) -> bool:
    return "b" not in (ours.dtype.kind, theirs.dtype.kind)


def _given(value: Any) -> Any:
    if isinstance(value, GeneratorState):
        return value.fresh()
    return value.copy() if isinstance(value, np.ndarray) else value


def _arrays_in(value: Any) -> Any:
    """Return results as a tuple of arrays; None if one of them is not numeric."""
    parts = value if isinstance(value, tuple | list) else (value,)
    if not is_numeric(parts):
        return None
    try:
        arrays = tuple(np.asarray(part) for part in parts)
    except ValueError:
        return None
    return arrays if all(array.dtype.kind in "biufc" for array in arrays) else None
