"""Counts recursively, remembers what it counted, and has global state."""

import sys
from collections import defaultdict
from functools import cache, cached_property, lru_cache, singledispatch

import numpy as np

sys.setrecursionlimit(100_000)
CACHE = {}
COUNTS = defaultdict(int)
DEFAULT_STRIDE = 1
DEFAULT_PADDING = "valid"


@lru_cache(maxsize=None)
def times(a, b):
    return 0 if b == 0 else a + times(a, b - 1)


@cache
def dense_params(n_in, n_out, bias=True):
    COUNTS["dense"] += 1
    return (n_in + (1 if bias else 0)) * n_out


@singledispatch
def pair(value):
    return tuple(value)


@pair.register
def _(value: int):
    return value, value


@pair.register(np.integer)
def _(value):
    return int(value), int(value)


class Counter:
    def __init__(self, kernel_size, c_in):
        self.kernel_size, self.c_in = pair(kernel_size), c_in

    @cached_property
    def seen(self):
        return times(self.kernel_size[0], self.kernel_size[1]) * self.c_in


def conv_params(kernel_size, c_in, c_out, bias=True):
    global last
    last = Counter(kernel_size, c_in)
    return c_out * (last.seen + bool(bias))


def conv_output_shape(hw, kernel_size, stride=DEFAULT_STRIDE, padding=DEFAULT_PADDING):
    key = (tuple(hw), pair(kernel_size), pair(stride), padding)
    if key not in CACHE:
        def windows(n, k, s):
            return 0 if n < k else 1 + windows(n - s, k, s)

        def along(n, k, s):
            if padding == "same":
                return -(n // -s)
            return windows(n + 2 * (0 if padding == "valid" else padding), k, s)

        CACHE[key] = tuple(along(*one) for one in zip(*key[:3]))
    return CACHE[key]


def shift2d(x, dy, dx):
    if x.ndim == 4:
        return np.stack([shift2d(one, dy, dx) for one in x]) if len(x) else x
    if x.ndim == 3:
        return np.stack([shift2d(x[..., c], dy, dx) for c in range(x.shape[-1])], axis=-1)
    if dy:
        return shift2d(np.vstack([np.zeros_like(x[:1]), x[:-1]]) if dy > 0 else np.vstack([x[1:], np.zeros_like(x[:1])]), dy - (1 if dy > 0 else -1), dx)
    if dx:
        return shift2d(x.T, dx, 0).T
    return x.copy()


def equivariance_gap(f, x, dy, dx):
    return np.linalg.norm((f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).ravel(), np.inf)
