"""Functions that a check may pass to a learner's function. They cross as a name, never as code.

Each takes an image (H, W) or (H, W, C), or a batch (N, H, W, C), and keeps the shape unless stated otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Named:
    """A function that both sides know by the same name."""

    def __init__(self, name: str, apply: Callable[[Any], Any]) -> None:
        self.name = name
        self._apply = apply

    def __call__(self, x: Any) -> Any:
        """Return the result for an array."""
        return self._apply(np.asarray(x))

    def __repr__(self) -> str:
        return self.name


def _rows(x: Any) -> int:
    """Return the first of the two axes of positions."""
    return 0 if x.ndim == 2 else x.ndim - 3


def _blur(x: Any) -> Any:
    """Return the mean of each 3 x 3 neighbourhood: a convolution with zero padding."""
    rows = _rows(x)
    pads = [(1, 1) if axis in (rows, rows + 1) else (0, 0) for axis in range(x.ndim)]
    padded = np.pad(x, pads)
    total = np.zeros(x.shape)
    for i in range(3):
        for j in range(3):
            part = padded.take(range(i, i + x.shape[rows]), rows)
            total = total + part.take(range(j, j + x.shape[rows + 1]), rows + 1)
    return total / 9


def _dense(x: Any) -> Any:
    """Return the output of a dense layer: each value is a sum over all pixels, with its own weights."""
    rows = _rows(x)
    count = int(np.prod(x.shape[rows:]))
    weights = np.cos(np.arange(count * count, dtype=float) ** 2).reshape(count, count)
    return (x.reshape(-1, count) @ weights).reshape(x.shape)


def _halve(x: Any) -> Any:
    """Return the largest value of each 2 x 2 block: half as many rows and columns."""
    rows = _rows(x)
    height, width = x.shape[rows] // 2, x.shape[rows + 1] // 2
    x = x.take(range(2 * height), rows).take(range(2 * width), rows + 1)
    blocks = x.reshape(*x.shape[:rows], height, 2, width, 2, *x.shape[rows + 2 :])
    return blocks.max(axis=(rows + 1, rows + 3))


FUNCTIONS = {
    function.name: function
    for function in (
        Named("square", np.square),
        Named("blur", _blur),
        Named("dense", _dense),
        Named("halve", _halve),
        Named("add_one", lambda x: x + 1),
        Named("less_one", lambda x: x - 1),
    )
}
