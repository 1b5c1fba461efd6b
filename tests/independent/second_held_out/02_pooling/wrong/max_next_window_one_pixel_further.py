"""Based on: arrays
Kind: single
Function: max_pool2d
Mistake: Without a stride the windows move by one pixel, not by the size of the window.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = 1
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, -np.inf).max(axis=(4, 5))
