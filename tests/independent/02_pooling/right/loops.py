import numpy as np


def pair(v):
    if isinstance(v, (tuple, list)):
        return v[0], v[1]
    return v, v


def geometry(x, size, stride, padding):
    N, H, W, C = x.shape
    KH, KW = pair(size)
    SH, SW = (KH, KW) if stride is None else pair(stride)
    if padding == "same":
        OH = (H + SH - 1) // SH
        OW = (W + SW - 1) // SW
        top = max((OH - 1) * SH + KH - H, 0) // 2
        left = max((OW - 1) * SW + KW - W, 0) // 2
    else:
        p = 0 if padding == "valid" else padding
        OH = max((H + 2 * p - KH) // SH + 1, 0)
        OW = max((W + 2 * p - KW) // SW + 1, 0)
        top = p
        left = p
    return KH, KW, SH, SW, OH, OW, top, left


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    total = 0.0
                    count = 0
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W:
                                total += x[n, r, q, c]
                                count += 1
                    y[n, i, j, c] = total / count
    return y


def global_avg_pool2d(x):
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            total = 0.0
            for i in range(H):
                for j in range(W):
                    total += x[n, i, j, c]
            y[n, c] = total / (H * W)
    return y


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    win_r = -1
                    win_q = -1
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                                win_r = r
                                win_q = q
                    dx[n, win_r, win_q, c] += dy[n, i, j, c]
    return dx


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    places = []
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W:
                                places.append((r, q))
                    for r, q in places:
                        dx[n, r, q, c] += dy[n, i, j, c] / len(places)
    return dx
