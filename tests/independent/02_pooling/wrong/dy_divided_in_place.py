"""Based on: arrays
Kind: single
Function: avg_pool2d_backward
Mistake: dy is divided in place, so the array of the caller is changed.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    g = dy
    g /= _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    oh, ow = dy.shape[1:3]
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    for a in range(k[0]):
        for b in range(k[1]):
            dx[:, a : a + s[0] * oh : s[0], b : b + s[1] * ow : s[1]][:, :oh, :ow] += g
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
