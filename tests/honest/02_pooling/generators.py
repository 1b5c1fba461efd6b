"""Generators, iterators, comprehensions; an exception of its own; contexts."""

import itertools as it
from contextlib import ExitStack, suppress

import numpy as np


class PoolError(ValueError):
    """A window that cannot be."""


def pair(v):
    with suppress(TypeError):
        a, b = v
        return a, b
    return v, v


class Windows:
    def __init__(self, x, size, stride, padding):
        self.x = x
        self.size = pair(size)
        if min(self.size) < 1:
            raise PoolError(size)
        self.stride = self.size if stride is None else pair(stride)
        self.padding = padding

    def spans(self, axis):
        n, k, s = self.x.shape[1 + axis], self.size[axis], self.stride[axis]
        if self.padding == "same":
            count = -(-n // s)
            before = max((count - 1) * s + k - n, 0) // 2
        else:
            before = 0 if self.padding == "valid" else self.padding
            count = max((n + 2 * before - k) // s + 1, 0)
        yield from (slice(max(i * s - before, 0), min(i * s - before + k, n)) for i in range(count))

    def __iter__(self):
        yield from it.product(*(enumerate(self.spans(axis)) for axis in (0, 1)))

    @property
    def shape(self):
        rows, columns = (sum(1 for _ in self.spans(axis)) for axis in (0, 1))
        return len(self.x), rows, columns, self.x.shape[3]


def _pooled(x, size, stride, padding, reduce):
    windows = Windows(x, size, stride, padding)
    y = np.empty(windows.shape)
    for (i, rows), (j, columns) in windows:
        y[:, i, j] = reduce(x[:, rows, columns], axis=(1, 2))
    return y


def max_pool2d(x, size=2, stride=None, padding="valid"):
    return _pooled(x, size, stride, padding, np.max)


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return _pooled(x, size, stride, padding, np.mean)


def global_avg_pool2d(x):
    return np.array([[next(iter([image[..., c].mean()])) for c in range(x.shape[3])] for image in x])


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape)
    with ExitStack() as stack:
        stack.enter_context(np.errstate(all="raise"))
        for (i, rows), (j, columns) in Windows(x, size, stride, padding):
            for n, c in it.product(range(len(x)), range(x.shape[3])):
                part = x[n, rows, columns, c]
                a, b = divmod(part.argmax(), part.shape[1])
                dx[n, rows.start + a, columns.start + b, c] += dy[n, i, j, c]
    return dx


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape)
    for (i, rows), (j, columns) in Windows(x, size, stride, padding):
        count = (rows.stop - rows.start) * (columns.stop - columns.start)
        dx[:, rows, columns] += (dy[:, i, j] / count)[:, None, None]
    return dx
