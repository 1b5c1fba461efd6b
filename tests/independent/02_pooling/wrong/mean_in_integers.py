"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: The result gets the type of x, so the mean of whole numbers is cut to a whole number.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(x.shape[1], kh, sh, padding)
    ow, left, _ = plan(x.shape[2], kw, sw, padding)
    y = np.zeros((x.shape[0], oh, ow, x.shape[3]), x.dtype)
    for i in range(oh):
        rows = slice(max(i * sh - top, 0), i * sh - top + kh)
        for j in range(ow):
            cols = slice(max(j * sw - left, 0), j * sw - left + kw)
            y[:, i, j, :] = np.mean(x[:, rows, cols, :], axis=(1, 2))
    return y
