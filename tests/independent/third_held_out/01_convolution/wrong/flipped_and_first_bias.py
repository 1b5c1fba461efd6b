"""Based on: slices
Kind: double
Function: conv2d_step, conv2d
Mistake: The kernel is flipped, and all filters get the bias of the first filter.
"""

import numpy as np


def conv2d_step(patch, w, b):
    kernel = w[::-1, ::-1]
    out = np.zeros(w.shape[-1])
    for f in range(w.shape[-1]):
        out[f] = np.sum(patch * kernel[..., f]) + b[0]
    return out
