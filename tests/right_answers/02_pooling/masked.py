"""Masked arrays for the padding; the gradients by one-hot masks."""

import numpy as np


def geometry(shape, size, stride, padding):
    size = (size, size) if isinstance(size, int) else tuple(size)
    stride = size if stride is None else (stride, stride) if isinstance(stride, int) else tuple(stride)
    starts = []
    for n, k, s in zip(shape, size, stride):
        if padding == "same":
            out = -(-n // s)
            first = -(max((out - 1) * s + k - n, 0) // 2)
        else:
            first = 0 if padding == "valid" else -padding
            out = max((n - 2 * first - k) // s + 1, 0)
        starts.append([first + s * i for i in range(out)])
    return size, starts


def cut(x, size, r, c):
    return x[:, max(r, 0) : max(r + size[0], 0), max(c, 0) : max(c + size[1], 0)]


def pooled(x, size, stride, padding, f):
    size, (rows, columns) = geometry(x.shape[1:3], size, stride, padding)
    y = np.ma.masked_all((len(x), len(rows), len(columns), x.shape[-1]))
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            y[:, i, j] = f(np.ma.asarray(cut(x, size, r, c)))
    return y.filled(0.0)


def max_pool2d(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, lambda w: w.max(axis=2).max(axis=1))


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, lambda w: w.mean(axis=(1, 2)))


def global_avg_pool2d(x):
    return avg_pool2d(x, x.shape[1:3])[:, 0, 0, :]


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    size, (rows, columns) = geometry(x.shape[1:3], size, stride, padding)
    dx = np.zeros(x.shape)
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            w = cut(x, size, r, c)
            flat = w.reshape(len(x), -1, x.shape[-1])
            hot = np.zeros(flat.shape)
            np.put_along_axis(hot, flat.argmax(axis=1)[:, None, :], 1.0, axis=1)
            cut(dx, size, r, c)[...] += hot.reshape(w.shape) * dy[:, i, j][:, None, None, :]
    return dx


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    size, (rows, columns) = geometry(x.shape[1:3], size, stride, padding)
    dx = np.zeros(x.shape)
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            part = cut(dx, size, r, c)
            part += dy[:, i, j][:, None, None, :] / (part.shape[1] * part.shape[2])
    return dx
