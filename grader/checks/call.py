"""A call of a learner's function, in words for a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from grader.sandbox.answer import Foreign

SMALL = 36  # elements of an array that is printed whole, six by six: a learner can work it by hand
WIDTH = 88
LONG = 300  # characters: of a longer argument only the type is shown


@dataclass(frozen=True)
class Call:
    """A function's name and its arguments, by name.

    `exact` shows all numbers of a small array, however long they are.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    exact: bool = False

    def __str__(self) -> str:
        """Return one line. It shows small arrays of short numbers whole, without axes of length 1, others by shape.

        >>> print(Call("conv2d", {"x": np.zeros((1, 9, 9, 3)), "stride": 2}))
        conv2d with x (1, 9, 9, 3), stride=2
        >>> print(Call("relu", {"x": np.array([1.0, -2.0])}))
        relu with x = [1, -2]
        >>> print(Call("pool", {"x": np.arange(4.0).reshape(1, 2, 2, 1), "rng": np.random.default_rng(0)}))
        pool with x = [[0, 1], [2, 3]] of shape (1, 2, 2, 1)
        """
        given = ((name, value) for name, value in self.arguments.items() if not isinstance(value, np.random.Generator))
        shown = ", ".join(_argument(name, value, self.exact) for name, value in given)
        return f"{self.function} with {shown}" if shown else f"{self.function}()"


def _argument(name: str, value: Any, exact: bool) -> str:
    if isinstance(value, np.ndarray):
        layout = " in Fortran order" if value.flags.f_contiguous and not value.flags.c_contiguous else ""
        if value.ndim and value.size <= SMALL and (exact or _can_be_worked_by_hand(value)):
            return f"{name} = {show_whole(value)}{layout}"
        return f"{name} {value.shape}{layout}"
    if isinstance(value, float):
        return f"{name}={value:g}"
    if isinstance(value, Foreign):
        return f"{name} ({value.description})"
    shown = repr(value)
    return f"{name}={shown}" if len(shown) <= LONG else f"{name} (a {type(value).__name__})"


def _can_be_worked_by_hand(values: NDArray[Any]) -> bool:
    """Return True if all numbers are short."""
    return values.dtype.kind in "biu" or bool((np.round(values, 2) == values).all())


def is_numeric(value: Any) -> bool:
    """Return True if a value holds only numbers and arrays, even inside lists and tuples.

    Call it before NumPy makes an array of a list: one long text would make every element as long as itself.
    """
    if isinstance(value, tuple | list):
        return all(map(is_numeric, value))
    return isinstance(value, np.ndarray | np.number | np.bool_ | bool | int | float | complex)


def show_array(values: NDArray[Any]) -> str:
    """Return the numbers of a small array in one line.

    >>> show_array(np.array([[1.0, 2.5], [0.0, -1.0]]))
    '[[1, 2.5], [0, -1]]'
    """
    if values.ndim == 0:
        return show_number(values[()])
    return "[" + ", ".join(show_array(row) for row in values) + "]"


def show_whole(values: NDArray[Any]) -> str:
    """Return the numbers of a small array without axes of length 1, and its shape.

    >>> show_whole(np.arange(4.0).reshape(1, 2, 2, 1))
    '[[0, 1], [2, 3]] of shape (1, 2, 2, 1)'
    """
    if values.ndim < 2:
        return show_array(values)
    return f"{show_array(np.squeeze(values) if values.size else values)} of shape {values.shape}"


def show_number(value: Any) -> str:
    """Return a number as a learner would write it."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        return str(complex(value))
    return f"{value + 0.0:.6g}"  # minus zero is zero to a learner


class Result(np.ndarray[Any, np.dtype[Any]]):
    """An array that remembers its call and its name, so that a failed comparison can state them."""

    call: Call | None
    name: str

    @classmethod
    def of(cls, values: NDArray[Any], call: Call, name: str) -> Self:
        """Return `values` as the result `name` of `call`."""
        result = np.asarray(values).view(cls)
        result.call = call
        result.name = name
        return result

    def __array_finalize__(self, source: Any) -> None:
        self.call = getattr(source, "call", None)
        self.name = getattr(source, "name", "result")


class Number(float):
    """A number that remembers its call, its name and the type that the learner returned."""

    call: Call | None = None
    name: str = "result"
    dtype: np.dtype[Any] = np.dtype(np.float64)

    @classmethod
    def of(cls, value: float, call: Call, name: str, dtype: np.dtype[Any] = dtype) -> Self:
        """Return `value` as the result `name` of `call`."""
        number = cls(value)
        number.call = call
        number.name = name
        number.dtype = dtype
        return number
