"""Based on: slices
Kind: single
Function: max_pool2d
Mistake: The number of windows is (n - k) // s without the + 1, counting the steps and not the places.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    _, top, bottom = plan(h, kh, sh, padding)
    _, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    oh = max((xp.shape[1] - kh) // sh, 0)
    ow = max((xp.shape[2] - kw) // sw, 0)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
    return y
