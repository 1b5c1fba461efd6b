"""How far a right answer may be from ours: rounding, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAFETY = 64.0


_times = ContextVar("_times", default=1.0)


@contextmanager
def loosened(times: float) -> Iterator[None]:
    """Within it, tolerances are so many times wider: what is wrong must be wrong by far more than rounding explains."""
    token = _times.set(times)
    try:
        yield
    finally:
        _times.reset(token)


def tolerance(dtype: np.dtype[Any], terms: int, scale: float) -> float:
    """The largest absolute difference that rounding explains.

    A sum of `terms` products of size `scale` in a type with machine epsilon `eps` is off by at most about
    `terms * eps * scale`, whatever the order of summation (Higham, Accuracy and Stability of Numerical Algorithms,
    2002, section 4.2); `SAFETY` covers the few operations around the sum. Integers are exact.

    >>> tolerance(np.dtype("float64"), terms=100, scale=1.0) < 2e-12
    True
    >>> tolerance(np.dtype("float32"), terms=100, scale=1.0) < 1e-3
    True
    """
    precise = dtype if dtype.kind in "fc" else np.dtype(np.float64)
    return float(np.finfo(precise).eps) * SAFETY * _times.get() * terms * scale


def scale_of(expected: NDArray[Any]) -> float:
    """The size of the numbers compared: the largest finite one, at least 1."""
    finite = np.abs(expected[np.isfinite(expected)])
    return max(1.0, float(finite.max())) if finite.size else 1.0
