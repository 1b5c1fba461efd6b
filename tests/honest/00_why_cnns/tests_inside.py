"""Tests itself: doctests, unittest, pytest, hypothesis, at the top level and below.

>>> dense_params(4, 3)
15
"""

import doctest
import unittest

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st


def dense_params(n_in, n_out, bias=True):
    """
    >>> dense_params(2, 2, bias=False)
    4
    """
    return n_in * n_out + (n_out if bias else 0)


def conv_params(kernel_size, c_in, c_out, bias=True):
    kernel = np.prod([kernel_size, kernel_size] if isinstance(kernel_size, int) else kernel_size)
    return int(kernel * c_in * c_out + (c_out if bias else 0))


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    kernel = [kernel_size] * 2 if isinstance(kernel_size, int) else kernel_size
    steps = [stride] * 2 if isinstance(stride, int) else stride
    if padding == "same":
        return tuple(-(-n // s) for n, s in zip(hw, steps))
    p = 0 if padding == "valid" else padding
    return tuple((n + 2 * p - k) // s + 1 for n, k, s in zip(hw, kernel, steps))


def shift2d(x, dy, dx):
    rows, columns = (0, 1) if x.ndim == 2 else (x.ndim - 3, x.ndim - 2)
    pads = [(0, 0)] * x.ndim
    pads[rows], pads[columns] = (abs(dy),) * 2, (abs(dx),) * 2
    wide = np.pad(x, pads)
    return wide.take(np.arange(x.shape[rows]) + abs(dy) - dy, rows).take(np.arange(x.shape[columns]) + abs(dx) - dx, columns)


def equivariance_gap(f, x, dy, dx):
    return float(abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).max())


class TestDense(unittest.TestCase):
    def test_bias(self):
        self.assertEqual(dense_params(1, 1), 2)


@pytest.fixture(scope="module")
def image():
    return np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(("n", "expected"), [(1, 2), (2, 3)])
def test_dense(n, expected):
    assert dense_params(n, 1) == expected


@settings(max_examples=5)
@given(st.integers(1, 9))
def test_any(n):
    assert dense_params(n, n) > n


assert doctest.testmod().failed == 0
test_dense(2, 3)
assert equivariance_gap(np.square, np.ones((3, 3)), 1, 0) == pytest.approx(0)
with pytest.raises(TypeError):
    dense_params("a", "b")
unittest.main(argv=["x"], exit=False)
if __name__ == "__main__":
    pytest.main([__file__])
