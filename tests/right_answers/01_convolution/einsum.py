"""Sliding windows and einsum."""

import numpy as np


def same_padding(n, k, s):
    out = (n + s - 1) // s
    need = max(s * (out - 1) + k - n, 0)
    return need // 2, (need + 1) // 2


def pad2d(x, pads):
    return np.pad(x, [(0, 0), pads[0], pads[1], (0, 0)])


def both(v):
    return v if isinstance(v, (tuple, list)) else (v, v)


def sides(x, w, stride, padding):
    result = []
    for n, k, s in zip(x.shape[1:3], w.shape[:2], both(stride)):
        if padding == "valid":
            result.append((0, 0))
        elif padding == "same":
            result.append(same_padding(n, k, s))
        else:
            result.append((padding, padding))
    return result


def size(n, k, s):
    return (n - k) // s + 1 if n >= k else 0


def windows(x, w, stride, padding):
    sh, sw = both(stride)
    xp = pad2d(x, sides(x, w, stride, padding))
    kh, kw = w.shape[:2]
    if xp.shape[1] < kh or xp.shape[2] < kw:
        return np.zeros((x.shape[0], size(xp.shape[1], kh, sh), size(xp.shape[2], kw, sw), x.shape[3], kh, kw))
    return np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]


def conv2d_step(patch, w, b):
    return np.einsum("hwc,hwcf->f", patch, w) + b


def conv2d(x, w, b, stride=1, padding="valid"):
    return np.einsum("nijchw,hwcf->nijf", windows(x, w, stride, padding), w, optimize=True) + b


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    v = windows(x, w, stride, padding)
    n, oh, ow, c, kh, kw = v.shape
    rows = v.transpose(0, 1, 2, 4, 5, 3).reshape(n * oh * ow, kh * kw * c)
    return (rows @ w.reshape(kh * kw * c, -1)).reshape(n, oh, ow, w.shape[3]) + b


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = both(stride)
    pads = sides(x, w, stride, padding)
    xp = pad2d(x, pads)
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    kh, kw = w.shape[:2]
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            a, c = i * sh, j * sw
            g = dy[:, i, j, :]
            dxp[:, a : a + kh, c : c + kw, :] += np.einsum("nf,hwcf->nhwc", g, w)
            dw += np.einsum("nhwc,nf->hwcf", xp[:, a : a + kh, c : c + kw, :], g)
    (t, _), (l, _) = pads
    return dxp[:, t : t + x.shape[1], l : l + x.shape[2], :], dw, dy.sum(axis=(0, 1, 2))
