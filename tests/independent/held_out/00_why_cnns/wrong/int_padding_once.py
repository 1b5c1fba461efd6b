"""Based on: slices
Kind: single
Function: conv_output_shape
Mistake: Adds an int padding once to each axis: forgets that there are two sides.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    if padding == "same":
        return math.ceil(H / sh), math.ceil(W / sw)
    p = 0 if padding == "valid" else padding
    oh = (H + p - kh) // sh + 1
    ow = (W + p - kw) // sw + 1
    return max(oh, 0), max(ow, 0)
