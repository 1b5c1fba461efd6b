"""Loops over the positions inside the window, not over the windows."""

import numpy as np


def prepare(x, size, stride, padding, fill):
    kh, kw = size if isinstance(size, (tuple, list)) else (size, size)
    sh, sw = (kh, kw) if stride is None else stride if isinstance(stride, (tuple, list)) else (stride, stride)
    h, w = x.shape[1:3]
    if padding == "same":
        oh, ow = (h + sh - 1) // sh, (w + sw - 1) // sw
        th, tw = max((oh - 1) * sh + kh - h, 0), max((ow - 1) * sw + kw - w, 0)
        pt, pl = th // 2, tw // 2
        pb, pr = th - pt, tw - pl
    else:
        pt = pb = pl = pr = 0 if padding == "valid" else padding
        oh, ow = max((h + 2 * pt - kh) // sh + 1, 0), max((w + 2 * pl - kw) // sw + 1, 0)
    xp = np.full((x.shape[0], h + pt + pb, w + pl + pr, x.shape[3]), fill, dtype=float)
    xp[:, pt : pt + h, pl : pl + w] = x
    return xp, (kh, kw), (sh, sw), (oh, ow), (pt, pl)


def at(a, p, q, s, o):
    return a[:, p : p + s[0] * o[0] : s[0], q : q + s[1] * o[1] : s[1]][:, : o[0], : o[1]]


def max_pool2d(x, size=2, stride=None, padding="valid"):
    xp, k, s, o, _ = prepare(x, size, stride, padding, -np.inf)
    y = np.full((x.shape[0], *o, x.shape[3]), -np.inf)
    if y.size:
        for p in range(k[0]):
            for q in range(k[1]):
                y = np.maximum(y, at(xp, p, q, s, o))
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    xp, k, s, o, _ = prepare(x, size, stride, padding, 0)
    ones, *_ = prepare(np.ones_like(x), size, stride, padding, 0)
    total = np.zeros((x.shape[0], *o, x.shape[3]))
    count = np.zeros_like(total)
    for p in range(k[0]):
        for q in range(k[1]):
            total += at(xp, p, q, s, o)
            count += at(ones, p, q, s, o)
    return total / count


def global_avg_pool2d(x):
    return np.mean(np.mean(x, axis=2), axis=1)


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    xp, k, s, o, (pt, pl) = prepare(x, size, stride, padding, -np.inf)
    y = max_pool2d(x, size, stride, padding)
    dxp, left = np.zeros(xp.shape), np.array(dy, dtype=float)
    for p in range(k[0]):
        for q in range(k[1]):
            won = at(xp, p, q, s, o) == y
            at(dxp, p, q, s, o)[...] += won * left
            left = np.where(won, 0, left)
    return dxp[:, pt : pt + x.shape[1], pl : pl + x.shape[2]]


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    xp, k, s, o, (pt, pl) = prepare(x, size, stride, padding, 0)
    ones, *_ = prepare(np.ones_like(x), size, stride, padding, 0)
    count = sum(at(ones, p, q, s, o) for p in range(k[0]) for q in range(k[1]))
    dxp = np.zeros(xp.shape)
    for p in range(k[0]):
        for q in range(k[1]):
            at(dxp, p, q, s, o)[...] += dy / count
    return dxp[:, pt : pt + x.shape[1], pl : pl + x.shape[2]]
