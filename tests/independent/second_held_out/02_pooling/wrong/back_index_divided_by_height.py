"""Based on: arrays
Kind: single
Function: max_pool2d_backward
Mistake: The flat index of the maximum is divided by the window's height and not by its width.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    win = _windows(x, k, s, lo, hi, -np.inf)
    flat = win.reshape(*win.shape[:4], -1)
    r, q = np.divmod(flat.argmax(axis=-1), k[0])
    n, i, j, c = np.indices(r.shape)
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    np.add.at(dx, (n, i * s[0] + r, j * s[1] + q, c), dy)
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
