"""Based on: arrays
Kind: single
Function: avg_pool2d
Mistake: The padding is NaN and the mean is np.mean, not np.nanmean, so windows at the border are NaN.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    win = _windows(x, k, s, lo, hi, np.nan)  # nan is not a number, so it does not count
    return np.mean(win, axis=(4, 5))
