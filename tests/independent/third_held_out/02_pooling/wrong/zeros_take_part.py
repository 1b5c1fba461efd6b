"""Based on: arrays
Kind: single
Function: max_pool2d
Mistake: The padding is filled with zeros, which win against negative pixels.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, 0).max(axis=(4, 5))
