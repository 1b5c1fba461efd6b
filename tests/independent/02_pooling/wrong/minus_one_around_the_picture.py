"""Based on: arrays
Kind: single
Function: max_pool2d
Mistake: The picture is padded with -1, since pixels lie between 0 and 1.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, -1).max(axis=(4, 5))
