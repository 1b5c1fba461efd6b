"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: The number of pixels is the square of the window's height, also where the window is not square.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    stride = (kh, kw) if stride is None else stride
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    n, h, w, c = x.shape
    if padding == "same":
        oh, ow = -(-h // sh), -(-w // sw)
        t, l = max((oh - 1) * sh + kh - h, 0) // 2, max((ow - 1) * sw + kw - w, 0) // 2
    else:
        t = l = 0 if padding == "valid" else padding
        oh, ow = (h + 2 * t - kh) // sh + 1, (w + 2 * l - kw) // sw + 1
    y = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            r, q = i * sh - t, j * sw - l
            part = x[:, max(r, 0) : max(r + kh, 0), max(q, 0) : max(q + kw, 0)]
            # a window that is whole has k * k pixels, at the border count them
            whole = part.shape[1] == kh and part.shape[2] == kw
            count = kh * kh if whole else part.shape[1] * part.shape[2]
            y[:, i, j] = part.sum(axis=(1, 2)) / count
    return y
