"""Based on: loops
Kind: single
Function: max_pool2d
Mistake: The padding is zeros, which win where all real pixels of a window are negative.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    if stride is None:
        sh, sw = kh, kw
    else:
        sh, sw = (stride, stride) if isinstance(stride, int) else stride
    N, H, W, C = x.shape
    top = left = bottom = right = 0
    if padding == "same":
        OH, OW = -(-H // sh), -(-W // sw)
        ph = max((OH - 1) * sh + kh - H, 0)
        pw = max((OW - 1) * sw + kw - W, 0)
        top, left = ph // 2, pw // 2
        bottom, right = ph - top, pw - left
    else:
        if padding != "valid":
            top = left = bottom = right = padding
        OH = (H + top + bottom - kh) // sh + 1
        OW = (W + left + right - kw) // sw + 1
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    y[n, i, j, c] = xp[n, i * sh : i * sh + kh, j * sw : j * sw + kw, c].max()
    return y
