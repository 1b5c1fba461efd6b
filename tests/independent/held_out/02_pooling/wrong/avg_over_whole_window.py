"""Based on: arrays
Kind: single
Function: avg_pool2d
Mistake: Divides by the size of the window, padding included.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    total = _windows(x, k, s, lo, hi, 0).sum(axis=(4, 5))
    return total / (k[0] * k[1])
