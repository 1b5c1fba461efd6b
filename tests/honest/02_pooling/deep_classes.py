"""Layers with inheritance, properties, slots, class attributes and operators; functions that only delegate."""

import abc
import copy
import weakref
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")


class Registry(type):
    layers = {}

    def __new__(mcs, name, bases, namespace, **options):
        cls = super().__new__(mcs, name, bases, namespace)
        mcs.layers[options.get("key", name)] = cls
        return cls


class Box(Generic[T]):
    __slots__ = ("value", "__weakref__")

    def __init__(self, value: T):
        self.value = value

    def __matmul__(self, other):
        return self.value @ other


class Pool(metaclass=Registry):
    fill = 0.0

    def __init__(self, size=2, stride=None, padding="valid"):
        self.size = self._two(size)
        self.stride = self.size if stride is None else self._two(stride)
        self.padding = padding
        self._last = None

    @staticmethod
    def _two(v):
        return (v, v) if isinstance(v, int) else tuple(v)

    def plan(self, x):
        for n, k, s in zip(x.shape[1:3], self.size, self.stride):
            if self.padding == "same":
                o = -(-n // s)
                p = max((o - 1) * s + k - n, 0)
                yield p // 2, p - p // 2, o
            else:
                p = 0 if self.padding == "valid" else self.padding
                yield p, p, max((n + 2 * p - k) // s + 1, 0)

    def cut(self, x, fill=None):
        (t, b, oh), (l, r, ow) = self.plan(x)
        xp = np.pad(x.astype(float), [(0, 0), (t, b), (l, r), (0, 0)], constant_values=self.fill if fill is None else fill)
        (kh, kw), (sh, sw) = self.size, self.stride
        return xp, oh, ow, t, l, lambda a, i, j: a[:, i * sh : i * sh + kh, j * sw : j * sw + kw]

    def forward(self, x):
        xp, oh, ow, *_, at = self.cut(x)
        ones = self.cut(np.ones(x.shape), 0)[0]
        y = np.empty((x.shape[0], oh, ow, x.shape[3]))
        for i in range(oh):
            for j in range(ow):
                y[:, i, j] = self.reduce(at(xp, i, j), at(ones, i, j))
        self._last = weakref.ref(box := Box(y))
        return copy.deepcopy(box.value)

    def backward(self, dy, x):
        xp, oh, ow, t, l, at = self.cut(x)
        ones = self.cut(np.ones(x.shape), 0)[0]
        dxp = np.zeros(xp.shape)
        for i in range(oh):
            for j in range(ow):
                at(dxp, i, j)[...] += dy[:, i, j][:, None, None] * self.share(at(xp, i, j), at(ones, i, j))
        return dxp[:, t : t + x.shape[1], l : l + x.shape[2]]

    @abc.abstractmethod
    def reduce(self, window, ones): ...


class Max(Pool, key="max"):
    fill = -np.inf

    def reduce(self, window, ones):
        return window.max((1, 2))

    def share(self, window, ones):
        flat = window.reshape(len(window), -1, window.shape[3])
        share = np.zeros(flat.shape)
        np.put_along_axis(share, flat.argmax(1)[:, None], 1, 1)
        return share.reshape(window.shape)


class Average(Pool, key="avg"):
    def reduce(self, window, ones):
        return (window * ones).sum((1, 2)) / ones.sum((1, 2))

    def share(self, window, ones):
        return ones / ones.sum((1, 2), keepdims=True)


def max_pool2d(x, *args, **kwargs):
    return Registry.layers["max"](*args, **kwargs).forward(x)


def avg_pool2d(x, *args, **kwargs):
    return Registry.layers["avg"](*args, **kwargs).forward(x)


def max_pool2d_backward(dy, x, *args, **kwargs):
    return Max(*args, **kwargs).backward(dy, x)


def avg_pool2d_backward(dy, x, *args, **kwargs):
    return Average(*args, **kwargs).backward(dy, x)


class _Global:
    def __call__(self, x):
        n, h, w, c = x.shape
        return Box(np.full(h * w, 1 / (h * w))) @ x.reshape(n, h * w, c)


global_avg_pool2d = _Global()
