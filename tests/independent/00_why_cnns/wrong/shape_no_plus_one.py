"""Based on: slices
Kind: single
Function: conv_output_shape
Mistake: Leaves out the plus one, counting the steps between positions and not the positions.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    if padding == "same":
        return math.ceil(H / sh), math.ceil(W / sw)
    p = 0 if padding == "valid" else padding
    return max((H + 2 * p - kh) // sh, 0), max((W + 2 * p - kw) // sw, 0)
