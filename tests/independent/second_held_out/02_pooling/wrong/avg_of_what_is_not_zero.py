"""Based on: loops
Kind: single
Function: avg_pool2d
Mistake: The pixels that are not 0 are counted, to leave out the padding; real pixels that are 0 do not count either.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    sh, sw = (kh, kw) if stride is None else ((stride, stride) if isinstance(stride, int) else stride)
    N, H, W, C = x.shape
    if padding == "same":
        OH, OW = (H + sh - 1) // sh, (W + sw - 1) // sw
        th, tw = max((OH - 1) * sh + kh - H, 0), max((OW - 1) * sw + kw - W, 0)
        pads = ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0))
    else:
        p = 0 if padding == "valid" else padding
        OH, OW = (H + 2 * p - kh) // sh + 1, (W + 2 * p - kw) // sw + 1
        pads = ((0, 0), (p, p), (p, p), (0, 0))
    xp = np.pad(x, pads)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    win = xp[n, i * sh : i * sh + kh, j * sw : j * sw + kw, c]
                    # zeros are padding
                    real = np.count_nonzero(win)
                    y[n, i, j, c] = win.sum() / real if real else 0
    return y
