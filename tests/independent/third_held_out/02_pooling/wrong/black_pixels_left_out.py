"""Based on: arrays
Kind: single
Function: avg_pool2d
Mistake: All zeros are taken for padding, so a real pixel that is 0 does not count in the mean.
"""

import numpy as np


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    win = _windows(x, k, s, lo, hi, 0)
    count = np.count_nonzero(win, axis=(4, 5))
    return win.sum(axis=(4, 5)) / np.maximum(count, 1)
