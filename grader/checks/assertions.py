"""Assertions for hidden checks. Each failure says what was seen, what was expected and for which input.

No message shows a number of the reference: a learner who reads it still has to compute the number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.checks.call import Call, Number, Result, show_number
from grader.checks.remarks import remark
from grader.checks.tolerance import is_single, tolerance
from grader.sandbox.answer import Raised
from grader.sandbox.reason import Reason

SHORT_CALL = 60  # characters: one line of a terminal
Z_LIMIT = 5.2  # |z| exceeds it for a right answer in 2e-7 of the draws


class CheckFailedError(AssertionError):
    """The learner's answer is wrong: what was seen, what was expected, and for which call.

    `because` explains what was expected, in words or as a sum worked by hand. `sign` is the id of a misconception, if
    the answer is a sign of it. `raised` is the exception from the learner's code, or from Keras when it ran for them.
    `timed` is set if the answer ended a race, so that nobody knows how fast the function is.
    """

    def __init__(
        self,
        reason: Reason,
        seen: str,
        expected: str = "",
        call: Call | None = None,
        because: str = "",
        sign: str = "",
        raised: Raised | None = None,
    ) -> None:
        super().__init__(reason, seen, expected, call, because, sign, raised)
        self.reason = reason
        self.seen = seen
        self.expected = expected
        self.call = call
        self.because = because
        self.sign = sign
        self.raised = raised
        self.timed = False

    @property
    def summary(self) -> str:
        """Return the message without the call, unless that is short."""
        called = self._called if len(self._called) <= SHORT_CALL else ""
        return "\n".join(filter(None, (self._seen_and_expected, called, self.because)))

    @property
    def _called(self) -> str:
        return f"for {self.call}" if self.call is not None else ""

    @property
    def _seen_and_expected(self) -> str:
        return self.seen + (f", expected {self.expected}" if self.expected else "")

    def __str__(self) -> str:
        """Return the message for the learner."""
        return "\n".join(filter(None, (self._seen_and_expected, self._called, self.because)))


def fail(
    got: Any,
    seen: str,
    expected: str = "",
    because: str = "",
    sign: str = "",
    reason: Reason = Reason.WRONG_VALUE,
) -> NoReturn:
    """Fail with the parts of a good message and the call that `got` came from."""
    raise CheckFailedError(reason, seen, expected, getattr(got, "call", None), because, sign)


def assert_that(
    holds: Any,
    got: Any,
    seen: str,
    expected: str,
    because: str = "",
    sign: str = "",
    reason: Reason = Reason.WRONG_VALUE,
) -> None:
    """Fail unless `holds`; `seen` and `expected` are written for the learner."""
    if not bool(holds):
        fail(got, seen, expected, because, sign, reason)


def assert_shape(got: Any, shape: Sequence[int]) -> None:
    """Fail unless `got` is an array of real numbers of this shape. Call it before indexing into an answer."""
    have = _array_of(got)
    if have.shape != tuple(shape):
        fail(got, f"{_name(got)} has shape {have.shape}", str(tuple(shape)), reason=Reason.WRONG_SHAPE)
    if have.dtype.kind == "c":
        fail(got, f"{_name(got)} contains complex numbers", "real numbers", reason=Reason.WRONG_TYPE)


def assert_close(
    got: Any,
    expected: ArrayLike,
    *,
    terms: int = 64,
    because: str = "",
    row_accepted: bool = False,
) -> None:
    """Fail unless `got` equals `expected` up to rounding.

    `terms` is the number of products summed into one element. `because` explains in words, or as a sum worked by hand,
    what was expected. With `row_accepted`, an answer of shape (1, C) for (C,) is accepted with a remark.
    """
    wanted = np.asarray(expected)
    have = _array_of(got, because)
    if row_accepted and have.shape == (1, *wanted.shape):
        remark(f"{_name(got)} has shape {have.shape}; the contract says {wanted.shape}. Accepted.")
        have = have[0]
    if have.shape != wanted.shape:
        fail(got, f"{_name(got)} has shape {have.shape}", str(wanted.shape), because, reason=Reason.WRONG_SHAPE)
    if have.dtype.kind == "c" and wanted.dtype.kind != "c":
        fail(got, f"{_name(got)} contains complex numbers", "real numbers", because, reason=Reason.WRONG_TYPE)
    kind = getattr(got, "dtype", have.dtype)  # a Number remembers the type that the learner returned
    single = is_single(kind)
    if single and wanted.dtype.kind == "f" and wanted.dtype.itemsize > kind.itemsize:
        remark(f"{_name(got)} is {kind}; the inputs were {wanted.dtype}. Accepted, with {kind} precision.")
    precise = have.astype(np.result_type(have, np.float64))
    with np.errstate(all="ignore"):
        wrong = ~(
            (have == wanted)
            | (np.abs(precise - wanted) <= tolerance(wanted, terms, single))
            | (np.isnan(have) & np.isnan(wanted))
        )
    if wrong.any():
        words = [_too_coarse(got, kind, wanted), because]
        _report_difference(got, have, wanted, wrong, "\n".join(filter(None, words)))


def _array_of(got: Any, because: str = "") -> NDArray[Any]:
    """Return an answer as an array. Fail if it contains something other than numbers."""
    try:
        have = np.asarray(got)
    except ValueError:
        ragged = f"{_name(got)} is a ragged {type(got).__name__}"
        fail(got, ragged, "an array of numbers", because, reason=Reason.WRONG_TYPE)
    if have.dtype.kind not in "biufc":
        mixed = f"{_name(got)} contains something other than numbers"
        fail(got, mixed, "an array of numbers", because, reason=Reason.WRONG_TYPE)
    return have


def _too_coarse(got: Any, kind: np.dtype[Any], wanted: NDArray[Any]) -> str:
    """Return a hint if the type of an answer cannot hold the expected numbers; empty if it can."""
    whole = np.isfinite(wanted).all() and (wanted == np.round(wanted)).all()
    if kind == np.float16 or (kind.kind in "biu" and not whole):
        return f"{_name(got)} is {kind}, which is too coarse for these numbers: use float64 or float32."
    return ""


def _report_difference(got: Any, have: NDArray[Any], wanted: NDArray[Any], wrong: NDArray[Any], because: str) -> None:
    first = np.unravel_index(int(wrong.argmax()), wrong.shape)
    value = have[first]
    place = f"{_name(got)}[{', '.join(str(int(i)) for i in first)}]" if have.ndim else _name(got)
    seen = f"{place} is {show_number(value)}"
    count, total = int(wrong.sum()), wrong.size
    if not np.isfinite(value) and np.isfinite(wanted[first]):
        fail(got, seen, "a finite number", because)
    if total == 1:
        seen += ", which is wrong"
    elif count == total:
        seen += f"; all {total} elements are wrong"
    else:
        seen += f"; {count} of {total} elements {'is' if count == 1 else 'are'} wrong"
        if count > 1 and (part := _part_that_holds(wrong)):
            seen += f", all in {_name(got)}[{part}]"
    fail(got, seen, "", because)


def _part_that_holds(wrong: NDArray[Any]) -> str:
    """Return the index of the smallest part of an array that holds all wrong elements; empty for the whole array.

    >>> _part_that_holds(np.array([[False, True], [False, True]]))
    ':, 1'
    """
    indices = []
    for axis, length in enumerate(wrong.shape):
        at = np.flatnonzero(wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis)))
        low, high = int(at[0]), int(at[-1])
        if length == 1 or high - low == length - 1:
            indices.append(":")
        elif low == high:
            indices.append(str(low))
        else:
            indices.append(f"{low or ''}:{high + 1 if high < length - 1 else ''}")
    while indices and indices[-1] == ":":
        indices.pop()
    return ", ".join(indices)


def assert_inputs_unchanged(function: Any, *arguments: Any, **named: Any) -> None:
    """Call a learner's function and fail if it wrote into one of its positional array arguments."""
    after = function.arguments_after(*arguments, **named)
    call = function.describe(*arguments, **named)
    names = list(call.arguments)
    for name, before, now in zip(names, arguments, after, strict=False):
        left = isinstance(now, np.ndarray) and np.array_equal(before, now, equal_nan=True)
        if isinstance(before, np.ndarray) and not left:
            raise CheckFailedError(
                Reason.CHANGED_INPUT,
                f"{function.name} changed its argument {name}",
                "an unchanged argument",
                call,
                "The caller still needs it: work on a copy.",
            )


def assert_generator_used(function: Any, *arguments: Any, **named: Any) -> None:
    """Call a learner's function and fail if it drew nothing from the generators among its positional arguments.

    A second call with the same generator would then repeat the first.
    """
    used = function.arguments_after(*arguments, **named)
    call = function.describe(*arguments, **named)
    for name, before, now in zip(list(call.arguments), arguments, used, strict=False):
        if isinstance(before, np.random.Generator) and now is not True:
            raise CheckFailedError(
                Reason.GENERATOR_UNUSED,
                f"{function.name} drew nothing from its argument {name}",
                "all random numbers from it",
                call,
                "A second call with the same generator must return something else; with a copy it does not.",
            )


def assert_raises(function: Any, kind: type[Exception], *arguments: Any, because: str = "", **named: Any) -> None:
    """Fail unless a learner's function raises `kind`, or a class derived from it, for these arguments."""
    raised = function.raised_by(*arguments, **named)
    call = function.describe(*arguments, **named)
    if raised is None:
        accepted = f"{function.name} accepted its arguments; it must raise {kind.__name__}"
        raise CheckFailedError(Reason.NO_EXCEPTION, accepted, "", call, because)
    if raised.built_in != kind.__name__:
        own = f" (a class derived from {raised.base})" if raised.base else ""
        said = f"{function.name} raised {raised.kind}{own}: {raised.message}"
        raise CheckFailedError(Reason.WRONG_EXCEPTION, said, kind.__name__, call, because)


def assert_fraction(count: int, total: int, probability: float, got: Any, what: str) -> None:
    """Fail unless `probability` explains `count` of `total` independent events: a z-test at 2e-7."""
    spread = math.sqrt(total * probability * (1 - probability))
    if abs(count - total * probability) > Z_LIMIT * spread:
        fail(got, f"{count / total:.1%} of {what}", f"about {probability:.0%}", reason=Reason.WRONG_DISTRIBUTION)


def _name(got: Any) -> str:
    return got.name if isinstance(got, Result | Number) else "the result"
