import math

import numpy as np


def two(v):
    return v if isinstance(v, tuple) else (v, v)


def plan(x, size, stride, padding):
    size = two(size)
    stride = size if stride is None else two(stride)
    pads, out = [], []
    for n, k, s in zip(x.shape[1:3], size, stride):
        if padding == "same":
            o = math.ceil(n / s)
            p = max((o - 1) * s + k - n, 0) // 2
        else:
            p = 0 if padding == "valid" else padding
            o = max((n + 2 * p - k) // s + 1, 0)
        pads.append(p)
        out.append(o)
    return size, stride, pads, out


def windows(x, size, stride, padding):
    (kh, kw), (sh, sw), (ph, pw), (oh, ow) = plan(x, size, stride, padding)
    for i in range(oh):
        for j in range(ow):
            r, c = i * sh - ph, j * sw - pw
            yield i, j, slice(max(r, 0), min(r + kh, x.shape[1])), slice(max(c, 0), min(c + kw, x.shape[2]))


def empty(x, size, stride, padding):
    oh, ow = plan(x, size, stride, padding)[3]
    return np.zeros((x.shape[0], oh, ow, x.shape[3]))


def max_pool2d(x, size=2, stride=None, padding="valid"):
    y = empty(x, size, stride, padding)
    for i, j, r, c in windows(x, size, stride, padding):
        y[:, i, j, :] = x[:, r, c, :].max(axis=(1, 2))
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    y = empty(x, size, stride, padding)
    for i, j, r, c in windows(x, size, stride, padding):
        y[:, i, j, :] = x[:, r, c, :].mean(axis=(1, 2))
    return y


def global_avg_pool2d(x):
    n, h, w, c = x.shape
    return x.reshape(n, h * w, c).sum(axis=1) / (h * w)


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape)
    for i, j, r, c in windows(x, size, stride, padding):
        for n in range(x.shape[0]):
            for ch in range(x.shape[3]):
                w = x[n, r, c, ch]
                a, b = np.unravel_index(np.argmax(w), w.shape)
                dx[n, r.start + a, c.start + b, ch] += dy[n, i, j, ch]
    return dx


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape)
    for i, j, r, c in windows(x, size, stride, padding):
        count = (r.stop - r.start) * (c.stop - c.start)
        dx[:, r, c, :] += dy[:, i : i + 1, j : j + 1, :] / count
    return dx
