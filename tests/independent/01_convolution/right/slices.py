import numpy as np


def same_padding(n, k, s):
    out = int(np.ceil(n / s))
    total = max((out - 1) * s + k - n, 0)
    return total // 2, total - total // 2


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    out = np.zeros((N, H + top + bottom, W + left + right, C), dtype=x.dtype)
    out[:, top : top + H, left : left + W, :] = x
    return out


def conv2d_step(patch, w, b):
    out = np.zeros(w.shape[-1])
    for f in range(w.shape[-1]):
        out[f] = np.sum(patch * w[..., f]) + b[f]
    return out


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    y = np.zeros((N, oh, ow, c_out))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                patch = x[n, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                y[n, i, j] = conv2d_step(patch, w, b)
    return y


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        (pt, pb), (pl, pr) = same_padding(H, kh, sh), same_padding(W, kw, sw)
    elif padding == "valid":
        pt = pb = pl = pr = 0
    else:
        pt = pb = pl = pr = padding
    xp = pad2d(x, ((pt, pb), (pl, pr)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                rows = slice(i * sh, i * sh + kh)
                cols = slice(j * sw, j * sw + kw)
                for f in range(c_out):
                    dxp[n, rows, cols, :] += w[:, :, :, f] * dy[n, i, j, f]
                    dw[:, :, :, f] += xp[n, rows, cols, :] * dy[n, i, j, f]
    db = dy.sum(axis=(0, 1, 2))
    dx = dxp[:, pt : pt + H, pl : pl + W, :]
    return dx, dw, db


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, c_in, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    cols = np.zeros((N, oh, ow, kh, kw, c_in))
    if oh and ow:
        for a in range(kh):
            for e in range(kw):
                cols[:, :, :, a, e, :] = x[:, a : a + (oh - 1) * sh + 1 : sh, e : e + (ow - 1) * sw + 1 : sw, :]
    y = cols.reshape(N * oh * ow, kh * kw * c_in) @ w.reshape(kh * kw * c_in, c_out) + b
    return y.reshape(N, oh, ow, c_out)
