import math

import numpy as np


def plan(n, k, s, padding):
    """Number of windows along one axis, and the padding before and after."""
    if padding == "valid":
        before, after = 0, 0
        out = (n - k) // s + 1
    elif padding == "same":
        out = math.ceil(n / s)
        total = max((out - 1) * s + k - n, 0)
        before, after = total // 2, total - total // 2
    else:
        before, after = padding, padding
        out = (n + 2 * padding - k) // s + 1
    return max(out, 0), before, after


def read_sizes(size, stride):
    kh, kw = (size, size) if np.isscalar(size) else size
    if stride is None:
        return kh, kw, kh, kw
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    return kh, kw, sh, sw


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = max(j * sw - left, 0)
            q1 = min(j * sw - left + kw, w)
            y[:, i, j, :] = x[:, r0:r1, q0:q1, :].mean(axis=(1, 2))
    return y


def global_avg_pool2d(x):
    return x.mean(axis=(1, 2))


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    dxp = np.zeros(xp.shape)
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            flat = window.reshape(n, kh * kw, c)
            won = np.arange(kh * kw)[None, :, None] == flat.argmax(axis=1)[:, None, :]
            share = won * dy[:, i, j, :][:, None, :]
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] += share.reshape(n, kh, kw, c)
    return dxp[:, top : top + h, left : left + w, :]


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    dx = np.zeros(x.shape)
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = max(j * sw - left, 0)
            q1 = min(j * sw - left + kw, w)
            area = (r1 - r0) * (q1 - q0)
            dx[:, r0:r1, q0:q1, :] += dy[:, i : i + 1, j : j + 1, :] / area
    return dx
