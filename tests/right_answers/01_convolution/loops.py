"""Plain loops; only the timed function is vectorised."""

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


def conv2d_step(patch, w, b):
    out = np.array(b, dtype=float)
    for f in range(w.shape[3]):
        out[f] += np.sum(patch * w[:, :, :, f])
    return out


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = both(stride)
    xp = pad2d(x, sides(x, w, stride, padding))
    kh, kw, _, nf = w.shape
    y = np.zeros((x.shape[0], size(xp.shape[1], kh, sh), size(xp.shape[2], kw, sw), nf))
    for n in range(y.shape[0]):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                y[n, i, j] = conv2d_step(xp[n, i * sh : i * sh + kh, j * sw : j * sw + kw], w, b)
    return y


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


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = both(stride)
    xp = pad2d(x, sides(x, w, stride, padding))
    kh, kw, _, nf = w.shape
    oh, ow = size(xp.shape[1], kh, sh), size(xp.shape[2], kw, sw)
    y = np.zeros((x.shape[0], oh, ow, nf)) + b
    for p in range(kh):
        for q in range(kw):
            y += xp[:, p : p + sh * oh : sh, q : q + sw * ow : sw][:, :oh, :ow] @ w[p, q]
    return y
