"""One failing call as a picture: its inputs, the learner's result with its wrong elements, and the right one.

Arrays become text here, so that a report stays data. A small array is shown in numbers, a larger one in shades. Of an
array with more than two axes, one plane is shown: its rows and columns are the axes that the course names after height
and width, such as H and W or KH and KW.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.call import is_numeric, show_number
from grader.diagnosis import Item, near
from grader.report.report import ExampleReport, GridReport
from grader.sandbox import Returned

NUMBERS = 6  # rows and columns of a plane that is shown in numbers
SHADED = 8  # of one that is shown in shades; a larger one is made smaller
LEVELS = 4
LARGEST = 2**16  # elements; a picture of more takes too long

Axes = Mapping[str, Sequence[str]]


def example_of(
    function: str, results: Sequence[str], axes: Axes, reference: Callable[..., Any], item: Item, seen: str = ""
) -> ExampleReport:
    """Return the picture of a failing call. With `seen`, a sentence about it, the right numbers are shown too.

    `results` are the names of the function's results, and `axes` those of the axes of arrays, by the array's name.
    """
    signature = inspect.signature(reference)
    given = dict(signature.bind(*item.call.arguments, **item.call.named).arguments)
    arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
    name = results[item.part] if item.part < len(results) else ""
    yours, right = _array(item.theirs), _array(item.right)
    if not name or right is None or not isinstance(item.answer, Returned):
        yours = right = None
    wrong = None
    if yours is not None and right is not None and yours.shape == right.shape:
        wrong = ~near(right, yours)
    return ExampleReport(
        function=function,
        settings=_settings(given, signature),
        seen=seen,
        inputs=tuple(grid_of(key, value, axes.get(key, ())) for key, value in arrays.items()),
        yours=None if yours is None else grid_of(name, yours, axes.get(name, ()), wrong),
        expected=None
        if right is None or yours is None
        else _expected(name, right, axes.get(name, ()), wrong, bool(seen)),
    )


def _settings(given: Mapping[str, Any], signature: inspect.Signature) -> str:
    """Return the arguments that are no arrays and differ from their defaults."""
    plain = {name: value for name, value in given.items() if isinstance(value, int | float | str | tuple)}
    return ", ".join(
        f"{name}={value!r}" for name, value in plain.items() if value != signature.parameters[name].default
    )


def grid_of(name: str, values: NDArray[Any], axes: Sequence[str] = (), wrong: NDArray[Any] | None = None) -> GridReport:
    """Return one plane of an array. If there are wrong elements, it is the plane of the first one."""
    names = tuple(axes) if len(axes) == values.ndim else ()
    if not values.size or values.size > LARGEST or values.dtype.kind not in "biuf":
        return GridReport(name=name, shape=values.shape, axes=names)
    index = _plane(values.shape, names, wrong)
    plane, marks = _matrix(values, index), _matrix(wrong, index) if wrong is not None else None
    if marks is None:
        marks = np.zeros(plane.shape, bool)
    part = ", ".join(":" if isinstance(one, slice) else str(one) for one in index)
    shown = {
        "name": name,
        "shape": values.shape,
        "axes": names,
        "part": f"{name}[{part}]" if plane.size < values.size else "",
    }
    if max(plane.shape) <= NUMBERS:
        rows = tuple(tuple(show_number(value) for value in row) for row in plane)
        return GridReport(**shown, rows=rows, wrong=_places(marks))
    shades, marks = _shaded(plane, marks)
    return GridReport(**shown, shades=shades, wrong=_places(marks))


def _expected(
    name: str, right: NDArray[Any], axes: Sequence[str], wrong: NDArray[Any] | None, in_numbers: bool
) -> GridReport:
    """Return the right result: its numbers only for the smallest input, where a learner could work them out."""
    if in_numbers and wrong is not None:
        return grid_of(name, right, axes, wrong).model_copy(update={"wrong": ()})
    return GridReport(name=name, shape=right.shape, axes=tuple(axes) if len(axes) == right.ndim else ())


def _array(value: Any) -> NDArray[Any] | None:
    return np.asarray(value) if isinstance(value, np.ndarray) or is_numeric(value) else None


def _plane(shape: tuple[int, ...], names: Sequence[str], wrong: NDArray[Any] | None) -> tuple[int | slice, ...]:
    """Return the index of the plane to show: whole rows and columns, and one number for each other axis."""
    index: list[int | slice] = [0] * len(shape)
    if wrong is not None and wrong.any():
        index = [int(one) for one in np.unravel_index(int(wrong.argmax()), shape)]
    for axis in _shown_axes(shape, names):
        index[axis] = slice(None)
    return tuple(index)


def _shown_axes(shape: tuple[int, ...], names: Sequence[str]) -> Sequence[int]:
    """Return at most two axes: those longer than 1, else those named after height and width, else the last two."""
    long = [axis for axis, length in enumerate(shape) if length > 1]
    if len(long) <= 2:
        rest = [axis for axis in range(len(shape)) if axis not in long]
        return sorted([*long, *reversed(rest)][:2]) if len(long) < 2 and len(shape) > 1 else (long or range(len(shape)))
    pairs = [at for at in range(len(names) - 1) if names[at].endswith("H") and names[at + 1].endswith("W")]
    first = pairs[0] if pairs else len(shape) - 2
    return (first, first + 1)


def _matrix(values: NDArray[Any], index: tuple[int | slice, ...]) -> NDArray[Any]:
    plane = np.asarray(values[index]) if values.ndim else values
    return plane.reshape(1, -1) if plane.ndim < 2 else plane


def _shaded(plane: NDArray[Any], marks: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Return a level for each block of a plane, from 0 for the smallest, and which blocks hold a wrong element."""
    rows, columns = (np.array_split(np.arange(length), min(length, SHADED)) for length in plane.shape)
    values = np.nan_to_num(plane.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    means = np.array([[values[np.ix_(i, j)].mean() for j in columns] for i in rows])
    blocks = np.array([[marks[np.ix_(i, j)].any() for j in columns] for i in rows])
    low, high = float(means.min()), float(means.max())
    share = (means - low) / (high - low) if high > low else np.zeros(means.shape)
    levels = np.round(share * LEVELS).astype(int)
    return tuple("".join(map(str, row)) for row in levels), blocks


def _places(marks: NDArray[Any]) -> tuple[tuple[int, int], ...]:
    return tuple((int(i), int(j)) for i, j in np.argwhere(marks))
