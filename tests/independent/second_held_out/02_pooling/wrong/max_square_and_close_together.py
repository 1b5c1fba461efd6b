"""Based on: loops
Kind: double
Function: max_pool2d
Mistake: The default stride is 1; and the number of columns of the output is computed from the height of the image.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    if stride is None:
        stride = 1
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    N, H, W, C = x.shape
    if padding == "same":
        OH, OW = -(-H // sh), -(-H // sw)
        ph, pw = max((OH - 1) * sh + kh - H, 0), max((-(-W // sw) - 1) * sw + kw - W, 0)
        t, l = ph // 2, pw // 2
        pads = ((0, 0), (t, ph - t), (l, pw - l), (0, 0))
    else:
        p = 0 if padding == "valid" else padding
        OH, OW = (H + 2 * p - kh) // sh + 1, (H + 2 * p - kw) // sw + 1
        pads = ((0, 0), (p, p), (p, p), (0, 0))
    xp = np.pad(x.astype(float), pads, constant_values=-np.inf)
    y = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            y[:, i, j] = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw].max(axis=(1, 2))
    return y
