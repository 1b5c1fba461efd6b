"""Based on: slices
Kind: single
Function: conv_output_shape
Mistake: A pair of strides is read as (columns, rows).
"""

import math


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    sw, sh = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    if padding == "same":
        return math.ceil(H / sh), math.ceil(W / sw)
    p = 0 if padding == "valid" else padding
    oh = (H + 2 * p - kh) // sh + 1
    ow = (W + 2 * p - kw) // sw + 1
    return max(oh, 0), max(ow, 0)
