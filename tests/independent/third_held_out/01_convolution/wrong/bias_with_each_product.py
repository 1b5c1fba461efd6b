"""Based on: loops
Kind: single
Function: conv2d_step
Mistake: The bias is added to each product, so it counts as often as the filter has weights.
"""

import numpy as np


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    out = np.zeros(C_out)
    for f in range(C_out):
        total = 0.0
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    total += patch[i, j, c] * w[i, j, c, f] + b[f]
        out[f] = total
    return out
