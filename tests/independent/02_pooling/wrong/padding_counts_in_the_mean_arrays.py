"""Based on: arrays
Kind: single
Function: avg_pool2d
Mistake: The mean is taken over windows that were padded with zeros, so the padding counts as black pixels.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, 0).mean(axis=(4, 5))
