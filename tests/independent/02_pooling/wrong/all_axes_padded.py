"""Based on: slices
Kind: single
Function: max_pool2d
Mistake: For a number p, np.pad(x, p) pads the batch and the channels too; windows and images are then read from the wrong places.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    if padding in ("valid", "same"):
        xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    else:
        xp = np.pad(x.astype(float), padding, constant_values=-np.inf)
    y = np.empty((xp.shape[0], oh, ow, xp.shape[3]))
    for i in range(oh):
        for j in range(ow):
            y[:, i, j, :] = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :].max(axis=(1, 2))
    return y
