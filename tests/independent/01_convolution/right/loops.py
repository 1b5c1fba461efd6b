import numpy as np


def same_padding(n, k, s):
    windows = 0
    start = 0
    while start < n:
        windows += 1
        start += s
    last_end = (windows - 1) * s + k
    missing = last_end - n
    if missing < 0:
        missing = 0
    before = missing // 2
    after = missing - before
    return before, after


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    out = np.zeros((N, top + H + bottom, left + W + right, C), dtype=x.dtype)
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for c in range(C):
                    out[n, top + i, left + j, c] = x[n, i, j, c]
    return out


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    out = np.zeros(C_out)
    for f in range(C_out):
        total = b[f]
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    total += patch[i, j, c] * w[i, j, c, f]
        out[f] = total
    return out


def conv2d(x, w, b, stride=1, padding="valid"):
    N, H, W, C_in = x.shape
    KH, KW, _, C_out = w.shape
    if isinstance(stride, int):
        SH = SW = stride
    else:
        SH, SW = stride
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, SH), same_padding(W, KW, SW))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    OH = max((xp.shape[1] - KH) // SH + 1, 0)
    OW = max((xp.shape[2] - KW) // SW + 1, 0)
    y = np.zeros((N, OH, OW, C_out))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(C_out):
                    total = 0.0
                    for a in range(KH):
                        for e in range(KW):
                            for c in range(C_in):
                                total += xp[n, i * SH + a, j * SW + e, c] * w[a, e, c, f]
                    y[n, i, j, f] = total + b[f]
    return y


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    N, H, W, C_in = x.shape
    KH, KW, _, C_out = w.shape
    if isinstance(stride, int):
        SH = SW = stride
    else:
        SH, SW = stride
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, SH), same_padding(W, KW, SW))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(C_out)
    OH, OW = dy.shape[1], dy.shape[2]
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(C_out):
                    g = dy[n, i, j, f]
                    db[f] += g
                    for a in range(KH):
                        for e in range(KW):
                            for c in range(C_in):
                                dw[a, e, c, f] += xp[n, i * SH + a, j * SW + e, c] * g
                                dxp[n, i * SH + a, j * SW + e, c] += w[a, e, c, f] * g
    top = pads[0][0]
    left = pads[1][0]
    dx = np.zeros(x.shape)
    for i in range(H):
        for j in range(W):
            dx[:, i, j] = dxp[:, top + i, left + j]
    return dx, dw, db


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    N, H, W, C_in = x.shape
    KH, KW, _, C_out = w.shape
    if isinstance(stride, int):
        SH = SW = stride
    else:
        SH, SW = stride
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, SH), same_padding(W, KW, SW))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = np.pad(x, ((0, 0), pads[0], pads[1], (0, 0)))
    OH = max((xp.shape[1] - KH) // SH + 1, 0)
    OW = max((xp.shape[2] - KW) // SW + 1, 0)
    y = np.zeros((N, OH, OW, C_out)) + b
    if OH == 0 or OW == 0:
        return y
    for a in range(KH):
        for e in range(KW):
            y += xp[:, a : a + SH * (OH - 1) + 1 : SH, e : e + SW * (OW - 1) + 1 : SW] @ w[a, e]
    return y
