"""Based on: slices
Kind: single
Function: pad2d, conv2d, conv2d_backward, conv2d_fast
Mistake: The pair of pads is read as ((left, right), (top, bottom)).
"""

import numpy as np


def pad2d(x, pads):
    (left, right), (top, bottom) = pads
    N, H, W, C = x.shape
    out = np.zeros((N, H + top + bottom, W + left + right, C), dtype=x.dtype)
    out[:, top : top + H, left : left + W, :] = x
    return out
