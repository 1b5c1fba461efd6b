"""Based on: arrays
Kind: single
Function: conv2d
Mistake: The rows of the kernel are laid along the columns of the image, so the kernel is transposed.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.einsum("nijcab,bacf->nijf", win, w) + b
