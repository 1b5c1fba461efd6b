"""Pads with NaN and lets the nan-functions do the rest."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def setup(x, size, stride, padding):
    kh, kw = (size, size) if np.isscalar(size) else size
    if stride is None:
        stride = (kh, kw)
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    pads = []
    for n, k, s in ((x.shape[1], kh, sh), (x.shape[2], kw, sw)):
        if padding == "valid":
            pads.append((0, 0))
        elif padding == "same":
            t = max((int(np.ceil(n / s)) - 1) * s + k - n, 0)
            pads.append((t // 2, t - t // 2))
        else:
            pads.append((padding, padding))
    xp = np.pad(x.astype(float), [(0, 0), pads[0], pads[1], (0, 0)], constant_values=np.nan)
    return xp, pads, kh, kw, sh, sw


def views(x, size, stride, padding):
    xp, _, kh, kw, sh, sw = setup(x, size, stride, padding)
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh, ow = max((xp.shape[1] - kh) // sh + 1, 0), max((xp.shape[2] - kw) // sw + 1, 0)
        return np.zeros((x.shape[0], oh, ow, x.shape[3], kh, kw))
    return sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]


def max_pool2d(x, size=2, stride=None, padding="valid"):
    return np.nanmax(views(x, size, stride, padding), axis=(4, 5))


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return np.nanmean(views(x, size, stride, padding), axis=(4, 5))


def global_avg_pool2d(x):
    return np.einsum("nhwc->nc", x) / (x.shape[1] * x.shape[2])


def crop(dxp, pads, x):
    return dxp[:, pads[0][0] : pads[0][0] + x.shape[1], pads[1][0] : pads[1][0] + x.shape[2]]


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    xp, pads, kh, kw, sh, sw = setup(x, size, stride, padding)
    dxp = np.zeros(xp.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            w = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
            best = np.nanmax(w, axis=(1, 2), keepdims=True)
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw] += (w == best) * dy[:, i : i + 1, j : j + 1]
    return crop(dxp, pads, x)


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    xp, pads, kh, kw, sh, sw = setup(x, size, stride, padding)
    dxp = np.zeros(xp.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            w = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
            real = (~np.isnan(w)).sum(axis=(1, 2), keepdims=True)
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw] += dy[:, i : i + 1, j : j + 1] / real
    return crop(dxp, pads, x)
