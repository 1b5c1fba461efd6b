"""Based on: arrays
Kind: single
Function: conv_output_shape
Mistake: An integer padding is added once to each axis and not on both of its sides.
"""

import numpy as np


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    n = np.asarray(hw)
    k = np.broadcast_to(kernel_size, 2)
    s = np.broadcast_to(stride, 2)
    if padding == "same":
        out = -(-n // s)
    else:
        p = 0 if padding == "valid" else padding
        out = np.maximum((n + p - k) // s + 1, 0)
    return tuple(out.tolist())
