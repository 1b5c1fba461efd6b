"""Based on: arrays
Kind: single
Function: avg_pool2d
Mistake: The windows are summed and never divided: the learner thinks of it as a convolution with ones.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return np.einsum("nijcab->nijc", _windows(x, k, s, lo, hi, 0))
