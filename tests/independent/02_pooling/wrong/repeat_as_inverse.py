"""Based on: arrays
Kind: single
Function: avg_pool2d_backward
Mistake: The gradient is enlarged with np.repeat by the size of the window, which is right only if windows neither overlap nor leave gaps.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    g = dy / _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    up = np.repeat(np.repeat(g, k[0], axis=1), k[1], axis=2)
    up = up[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
    dx = np.zeros(x.shape)
    dx[:, : up.shape[1], : up.shape[2]] = up
    return dx
