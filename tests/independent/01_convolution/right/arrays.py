import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def same_padding(n, k, s):
    total = max((-(-n // s) - 1) * s + k - n, 0)
    return (total // 2, (total + 1) // 2)


def pad2d(x, pads):
    return np.pad(x, [(0, 0), tuple(pads[0]), tuple(pads[1]), (0, 0)])


def _pads(x, w, s, padding):
    if padding == "same":
        return same_padding(x.shape[1], w.shape[0], s[0]), same_padding(x.shape[2], w.shape[1], s[1])
    p = 0 if padding == "valid" else padding
    return (p, p), (p, p)


def conv2d_step(patch, w, b):
    return np.tensordot(patch, w, axes=3) + b


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.einsum("nijcab,abcf->nijf", win, w) + b


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    pads = _pads(x, w, s, padding)
    xp = pad2d(x, pads)
    kh, kw = w.shape[:2]
    oh, ow = dy.shape[1:3]
    dw = np.zeros_like(w)
    dxp = np.zeros(xp.shape)
    if oh and ow:
        win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
        dw = np.einsum("nijcab,nijf->abcf", win, dy)
        for a, c in np.ndindex(kh, kw):
            dxp[:, a : a + oh * s[0] : s[0], c : c + ow * s[1] : s[1]][:, :oh, :ow] += np.tensordot(
                dy, w[a, c], axes=(3, 1)
            )
    db = np.einsum("nijf->f", dy)
    (top, _), (left, _) = pads
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2]]
    return dx, dw, db


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.tensordot(win, w, axes=([4, 5, 3], [0, 1, 2])) + b
