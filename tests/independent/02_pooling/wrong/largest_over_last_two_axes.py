"""Based on: arrays
Kind: single
Function: max_pool2d
Mistake: The maximum runs over the axes 3 and 5, in the belief that the view ends with rows, channel, columns.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, -np.inf).max(axis=(3, 5))
