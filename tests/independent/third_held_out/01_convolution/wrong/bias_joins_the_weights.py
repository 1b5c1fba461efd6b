"""Based on: slices
Kind: single
Function: conv2d_step, conv2d
Mistake: The bias is added to every weight of its filter before the patch is multiplied by it.
"""

import numpy as np


def conv2d_step(patch, w, b):
    out = np.zeros(w.shape[-1])
    for f in range(w.shape[-1]):
        out[f] = np.sum(patch * (w[..., f] + b[f]))
    return out
