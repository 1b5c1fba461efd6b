"""Make inputs that are one step smaller or plainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arguments = tuple[Any, ...]


def smaller(arguments: Arguments, named: dict[str, Any]) -> Iterator[tuple[Arguments, dict[str, Any]]]:
    """Yield inputs that are one step smaller, the largest steps first, then plainer ones of the same size.

    All axes of the same length are cut at once, so that arrays still fit each other.
    """
    arrays = [value for value in (*arguments, *named.values()) if isinstance(value, np.ndarray)]
    lengths = sorted({length for array in arrays for length in array.shape if length > 1}, reverse=True)
    for length in lengths:
        for shorter in dict.fromkeys((1, length // 2, length - 1)):
            cut = _cut(length, shorter)
            yield tuple(map(cut, arguments)), {name: cut(value) for name, value in named.items()}
    for i, value in enumerate(arguments):
        if type(value) is int and value > 1:
            yield (*arguments[:i], 1, *arguments[i + 1 :]), named
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
            for plain in (np.zeros_like(value), _ranks(value)) if value.ndim == 1 else (_ranks(value),):
                if not np.array_equal(plain, value):
                    yield (*arguments[:i], plain, *arguments[i + 1 :]), named


def _ranks(values: NDArray[Any]) -> NDArray[Any]:
    """Return small distinct integers in the same order."""
    order = np.argsort(values, axis=None, kind="stable")
    ranks = np.empty(values.size)
    ranks[order] = np.arange(1, values.size + 1)
    return ranks.reshape(values.shape)


def _cut(length: int, shorter: int) -> Callable[[Any], Any]:
    def cut(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        return value[tuple(slice(shorter if size == length else None) for size in value.shape)].copy(order="K")

    return cut
