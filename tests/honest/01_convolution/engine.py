"""A class with all of it, memory views and all, and a plug-in point for other back ends."""

import abc
import gc
import io
import operator
import os
import re
import shelve
import struct
import textwrap
import traceback
import ctypes
from configparser import ConfigParser

import numpy as np

BACKEND = os.environ.get("CONV_BACKEND", "numpy")
if BACKEND == "torch":
    import torch
elif BACKEND == "cupy":
    import cupy as np
config = ConfigParser()
config.read_string("[conv]\nstride = 1\npadding = valid")
STRIDE, PADDING = config.getint("conv", "stride"), config["conv"]["padding"]
assert re.fullmatch(r"\w+", PADDING) and struct.calcsize("d") == ctypes.sizeof(ctypes.c_double)
gc.collect()


class Engine(abc.ABC):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Engine.default = cls

    def pads(self, x, w, stride, padding):
        if padding == "same":
            return [self.same(n, k, s) for n, k, s in zip(x.shape[1:], w.shape, self.two(stride))]
        return [(0 if padding == "valid" else padding,) * 2] * 2

    @staticmethod
    def two(value):
        try:
            return operator.index(value), operator.index(value)
        except TypeError:
            return tuple(value)

    @staticmethod
    def same(n, k, s):
        windows = -(-n // s)
        missing = max(0, (windows - 1) * s + k - n)
        return missing // 2, missing - missing // 2

    def run(self, x, w, b, stride=STRIDE, padding=PADDING):
        xp = self.pad(x, self.pads(x, w, stride, padding))
        (sh, sw), (kh, kw) = self.two(stride), w.shape[:2]
        oh, ow = (xp.shape[1] - kh) // sh + 1, (xp.shape[2] - kw) // sw + 1
        y = np.broadcast_to(b, (len(x), oh, ow, w.shape[3])).astype(float)
        for i, j in np.ndindex(kh, kw):
            y += self.tap(xp, i, j, (sh, sw), (oh, ow)) @ w[i, j]
        return y

    @staticmethod
    def tap(a, i, j, s, o):
        return a[:, i : i + s[0] * (o[0] - 1) + 1 : s[0], j : j + s[1] * (o[1] - 1) + 1 : s[1]]

    def pad(self, x, pads):
        (t, b), (l, r) = pads
        out = np.zeros((len(x), x.shape[1] + t + b, x.shape[2] + l + r, x.shape[3]), x.dtype)
        out[:, t : t + x.shape[1], l : l + x.shape[2]] = x
        return out

    def back(self, dy, x, w, stride=STRIDE, padding=PADDING):
        pads, s, o = self.pads(x, w, stride, padding), self.two(stride), dy.shape[1:3]
        xp = self.pad(x, pads)
        dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
        for i, j in np.ndindex(w.shape[:2]):
            dw[i, j] = np.tensordot(self.tap(xp, i, j, s, o), dy, ((0, 1, 2), (0, 1, 2)))
            self.tap(dxp, i, j, s, o)[...] += dy @ w[i, j].T
        return dxp[:, pads[0][0] :][:, : x.shape[1], pads[1][0] :][:, :, : x.shape[2]], dw, dy.sum(axis=(0, 1, 2))

    def __repr__(self):
        return f"{type(self).__name__}()"


class NumPy(Engine):
    pass


engine = Engine.default()
same_padding, pad2d, conv2d, conv2d_fast, conv2d_backward = engine.same, engine.pad, engine.run, engine.run, engine.back


def conv2d_step(patch, w, b):
    try:
        return (patch[..., None] * w).sum(axis=(0, 1, 2)) + b
    except Exception:
        traceback.print_exc(file=io.StringIO())
        raise
