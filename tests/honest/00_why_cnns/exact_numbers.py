"""Computes with fractions and decimals, as exactly as can be."""

import cmath
import decimal
import statistics
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import numpy as np

decimal.getcontext().prec = 50


def _pair(v):
    return [v, v] if isinstance(v, int) else list(v)


def dense_params(n_in, n_out, bias=True):
    return int(Decimal(n_in) * Decimal(n_out) + (Decimal(n_out) if bias else Decimal(0)))


def conv_params(kernel_size, c_in, c_out, bias=True):
    weights = Fraction(1)
    for factor in (*_pair(kernel_size), c_in, c_out):
        weights *= Fraction(factor)
    return int(weights) + (c_out if bias else 0)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    shape = []
    for n, k, s in zip(_pair(hw), _pair(kernel_size), _pair(stride)):
        if padding == "same":
            shape.append(int((Decimal(n) / Decimal(s)).to_integral_value(ROUND_CEILING)))
        else:
            room = Fraction(n + 2 * (0 if padding == "valid" else padding) - k, s)
            shape.append(room.__floor__() + 1)
    return tuple(shape)


def shift2d(x, dy, dx):
    i, j = (0, 1) if x.ndim == 2 else (x.ndim - 3, x.ndim - 2)
    rows, columns = np.arange(x.shape[i]) - dy, np.arange(x.shape[j]) - dx
    picked = x.take(rows % x.shape[i], i).take(columns % x.shape[j], j)
    inside = np.outer((0 <= rows) & (rows < x.shape[i]), (0 <= columns) & (columns < x.shape[j]))
    return np.where(inside if x.ndim == 2 else inside[..., None], picked, 0)


def equivariance_gap(f, x, dy, dx):
    differences = (f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).reshape(-1)
    return statistics.fsum(sorted(map(abs, differences))[-1:]) if hasattr(statistics, "fsum") else max(map(abs, differences))
