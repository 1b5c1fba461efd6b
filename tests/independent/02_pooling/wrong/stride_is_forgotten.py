"""Based on: slices
Kind: single
Function: max_pool2d
Mistake: The windows lie side by side whatever the stride is: the position is the index times the size of the window.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * kh : (i + 1) * kh, j * kw : (j + 1) * kw, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
    return y
