"""Masked arrays, records, array subclasses and read-only views on the way."""

import typing
from array import array
from collections import OrderedDict, namedtuple
from types import MappingProxyType

import numpy as np
import numpy.ma as ma
from numpy.lib.stride_tricks import sliding_window_view

Geometry = namedtuple("Geometry", "size stride before count", defaults=(None,))
FILL = MappingProxyType({"max": -np.inf, "avg": np.nan})


class Image(np.ndarray):
    """An array that knows where it comes from."""

    def __new__(cls, values, origin="camera"):
        self = np.asarray(values).view(cls)
        self.origin = origin
        return self

    def __array_finalize__(self, other):
        self.origin = getattr(other, "origin", None)


def geometry(n, k, s, padding):
    if padding == "same":
        count = (n + s - 1) // s
        return Geometry(k, s, max((count - 1) * s + k - n, 0) // 2, count)
    before = 0 if padding == "valid" else padding
    return Geometry(size=k, stride=s, before=before, count=max((n + 2 * before - k) // s + 1, 0))


def windows(x, size, stride, padding, fill):
    size = size if isinstance(size, typing.Sequence) else (size, size)
    stride = size if stride is None else stride if isinstance(stride, typing.Sequence) else (stride, stride)
    plans = OrderedDict((axis, geometry(x.shape[axis + 1], size[axis], stride[axis], padding)) for axis in (0, 1))
    pads = [(0, 0)]
    for axis, plan in plans.items():
        reach = (plan.count - 1) * plan.stride + plan.size
        pads.append((plan.before, max(reach - plan.before - x.shape[axis + 1], 0)))
    padded = np.pad(Image(x, "padded").astype(float), [*pads, (0, 0)], constant_values=fill)
    rows, columns = plans.values()
    if not rows.count or not columns.count:
        return np.empty((len(x), rows.count, columns.count, x.shape[3], *size)), plans, padded.shape
    seen = sliding_window_view(padded, size, axis=(1, 2))[:, :: rows.stride, :: columns.stride]
    return seen[:, : rows.count, : columns.count], plans, padded.shape


def max_pool2d(x, size=2, stride=None, padding="valid"):
    return windows(x, size, stride, padding, FILL["max"])[0].max(axis=(4, 5))


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    seen = ma.masked_invalid(windows(x, size, stride, padding, FILL["avg"])[0])
    return seen.mean(axis=(4, 5))


def global_avg_pool2d(x):
    return Image(x).mean((1, 2))


def _spread(dy, x, size, stride, padding, share):
    seen, plans, shape = windows(x, size, stride, padding, np.nan)
    rows, columns = plans.values()
    dpadded = np.zeros(shape)
    for n, i, j, c in np.ndindex(dy.shape):
        a, b = i * rows.stride, j * columns.stride
        dpadded[n, a : a + rows.size, b : b + columns.size, c] += dy[n, i, j, c] * share(np.asarray(seen[n, i, j, c]))
    return dpadded[:, rows.before : rows.before + x.shape[1], columns.before : columns.before + x.shape[2]]


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    def first(window):
        share = array("d", [0.0] * window.size)
        share[int(np.nanargmax(window))] = 1.0
        return np.frombuffer(share).reshape(window.shape)

    return _spread(dy, x, size, stride, padding, first)


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    def even(window):
        return ~np.isnan(window) / np.count_nonzero(~np.isnan(window))

    return _spread(dy, x, size, stride, padding, even)
