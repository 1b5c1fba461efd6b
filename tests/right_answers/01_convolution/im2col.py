"""Windows as rows of a matrix."""

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


def columns(xp, kh, kw, sh, sw, oh, ow):
    cols = np.empty((xp.shape[0], oh, ow, kh, kw, xp.shape[3]))
    for p in range(kh):
        for q in range(kw):
            cols[:, :, :, p, q, :] = xp[:, p : p + sh * oh : sh, q : q + sw * ow : sw][:, :oh, :ow]
    return cols.reshape(xp.shape[0] * oh * ow, kh * kw * xp.shape[3])


def conv2d_step(patch, w, b):
    return patch.ravel() @ w.reshape(-1, w.shape[3]) + b


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = both(stride)
    xp = pad2d(x, sides(x, w, stride, padding))
    kh, kw, ci, nf = w.shape
    oh, ow = size(xp.shape[1], kh, sh), size(xp.shape[2], kw, sw)
    cols = columns(xp, kh, kw, sh, sw, oh, ow)
    return (cols @ w.reshape(-1, nf) + b).reshape(x.shape[0], oh, ow, nf)


conv2d = conv2d_fast


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = both(stride)
    pads = sides(x, w, stride, padding)
    xp = pad2d(x, pads)
    kh, kw, ci, nf = w.shape
    n, oh, ow, _ = dy.shape
    flat = dy.reshape(-1, nf)
    dw = (columns(xp, kh, kw, sh, sw, oh, ow).T @ flat).reshape(w.shape)
    dcols = (flat @ w.reshape(-1, nf).T).reshape(n, oh, ow, kh, kw, ci)
    dxp = np.zeros_like(xp)
    for p in range(kh):
        for q in range(kw):
            for i in range(oh):
                for j in range(ow):
                    dxp[:, i * sh + p, j * sw + q] += dcols[:, i, j, p, q]
    top, left = pads[0][0], pads[1][0]
    return dxp[:, top : top + x.shape[1], left : left + x.shape[2]], dw, flat.sum(axis=0)
