"""The distance that a right answer may have from ours: rounding, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAFETY = 64.0
LARGEST = 1e-3
"""The largest tolerance, as a share of the scale. Right programs in float32 were off by at most 6e-6 of the scale, the
nearest known mistake by 7e-3."""


_times = ContextVar("_times", default=1.0)


@contextmanager
def loosened(times: float) -> Iterator[None]:
    """Widen all tolerances inside the block: a mistake must miss by far more than rounding explains."""
    token = _times.set(times)
    try:
        yield
    finally:
        _times.reset(token)


def tolerance(expected: NDArray[Any], terms: int, single: bool = False) -> float:
    """Return the largest absolute difference that rounding explains.

    A sum of `terms` products of size `scale` in a type with machine epsilon `eps` is off by at most about
    `terms * eps * scale`, whatever the order of summation (Higham, Accuracy and Stability of Numerical Algorithms,
    2002, section 4.2); `SAFETY` covers the few operations around the sum. The grader chooses the scale and `terms`. The
    answer decides only whether it has `single` precision: every other type is judged as float64, even coarser types
    and integers. A difference above `LARGEST` of the scale is never rounding.

    >>> tolerance(np.ones(3), terms=100) < 2e-12
    True
    >>> tolerance(np.full(3, 1e-6), terms=100, single=True) < 1e-9
    True
    """
    eps = float(np.finfo(np.float32 if single else np.float64).eps)
    return min(eps * SAFETY * terms, LARGEST) * _times.get() * scale_of(expected)


def is_single(dtype: np.dtype[Any]) -> bool:
    """Return True if numbers of this type need only the precision of float32."""
    return dtype in (np.float32, np.complex64)


def scale_of(expected: NDArray[Any]) -> float:
    """Return the size of the compared numbers: the largest finite one.

    If all expected numbers are zero, the numbers that cancelled out are unknown, and 1 is assumed for them. A check
    that expects only zeros fails `grade course check`, which asks for another case in addition.
    """
    finite = np.abs(expected[np.isfinite(expected)])
    return float(np.max(finite, initial=0.0)) or 1.0
