"""as_strided windows and tensordot; with both bonus parts."""

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


def views(xp, kh, kw, sh, sw):
    n, h, w, c = xp.shape
    oh, ow = size(h, kh, sh), size(w, kw, sw)
    a, b, d, e = xp.strides
    return np.lib.stride_tricks.as_strided(xp, (n, oh, ow, kh, kw, c), (a, b * sh, d * sw, b, d, e), writeable=False)


def conv2d_step(patch, w, b):
    return np.tensordot(patch, w, ([0, 1, 2], [0, 1, 2])) + b


def conv2d(x, w, b, stride=1, padding="valid"):
    xp = np.ascontiguousarray(pad2d(x, sides(x, w, stride, padding)))
    return np.tensordot(views(xp, *w.shape[:2], *both(stride)), w, ([3, 4, 5], [0, 1, 2])) + b


conv2d_fast = conv2d


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    """dx as a full convolution of the stretched gradient with the turned kernel."""
    sh, sw = both(stride)
    pads = sides(x, w, stride, padding)
    xp = np.ascontiguousarray(pad2d(x, pads))
    kh, kw = w.shape[:2]
    dw = np.tensordot(views(xp, kh, kw, sh, sw), dy, ([0, 1, 2], [0, 1, 2]))
    n, oh, ow, nf = dy.shape
    h, wd = xp.shape[1:3]
    wide = np.zeros((n, h + kh - 1, wd + kw - 1, nf))
    wide[:, kh - 1 : kh - 1 + sh * oh : sh, kw - 1 : kw - 1 + sw * ow : sw][:, :oh, :ow] = dy
    dxp = np.tensordot(views(wide, kh, kw, 1, 1), w[::-1, ::-1], ([3, 4, 5], [0, 1, 3]))
    top, left = pads[0][0], pads[1][0]
    return dxp[:, top : top + x.shape[1], left : left + x.shape[2]], dw, np.einsum("nijf->f", dy)


def conv2d_dilated(x, w, b, stride=1, padding="valid", dilation=1):
    dh, dw = both(dilation)
    big = np.zeros((dh * (w.shape[0] - 1) + 1, dw * (w.shape[1] - 1) + 1) + w.shape[2:])
    big[::dh, ::dw] = w
    return conv2d(x, big, b, stride, padding)


def conv2d_grouped(x, w, b, stride=1, padding="valid", groups=1):
    xs, fs = x.shape[3] // groups, w.shape[3] // groups
    return np.concatenate(
        [
            conv2d(
                x[..., g * xs : (g + 1) * xs], w[..., g * fs : (g + 1) * fs], b[g * fs : (g + 1) * fs], stride, padding
            )
            for g in range(groups)
        ],
        axis=-1,
    )
