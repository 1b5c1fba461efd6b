"""Based on: arrays
Kind: single
Function: conv2d
Mistake: The output has the type of x, so an image of integers loses everything after the decimal point.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
    ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
    out = np.empty((len(x), oh, ow, c_out), dtype=x.dtype)
    for i, j in np.ndindex(oh, ow):
        win = xp[:, i * s[0] : i * s[0] + kh, j * s[1] : j * s[1] + kw]
        out[:, i, j] = np.einsum("nabc,abcf->nf", win, w) + b
    return out
