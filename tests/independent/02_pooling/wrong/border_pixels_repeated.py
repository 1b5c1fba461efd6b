"""Based on: arrays
Kind: odd
Function: avg_pool2d
Mistake: The picture is padded by repeating its border and the mean is taken over the full window, because then no zeros come in.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    xp = np.pad(x.astype(float), ((0, 0), (lo[0], hi[0]), (lo[1], hi[1]), (0, 0)), mode="edge")
    zero = np.zeros(2, int)
    return _windows(xp, k, s, zero, zero, 0).mean(axis=(4, 5))
