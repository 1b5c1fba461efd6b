"""How far a right answer may be from ours: rounding, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SAFETY = 64.0


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
    if dtype.kind not in "fc":
        return float(np.finfo(np.float64).eps) * SAFETY * terms * scale
    return float(np.finfo(dtype).eps) * SAFETY * terms * scale


def scale_of(expected: NDArray[Any]) -> float:
    """The size of the numbers compared: the largest finite one, at least 1."""
    finite = np.abs(expected[np.isfinite(expected)])
    return max(1.0, float(finite.max())) if finite.size else 1.0
