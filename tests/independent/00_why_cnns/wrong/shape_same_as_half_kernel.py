"""Based on: slices
Kind: single
Function: conv_output_shape
Mistake: Replaces padding "same" by kernel // 2 zeros on each side, which is one too many for an even kernel.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    if padding == "same":
        ph, pw = kh // 2, kw // 2
    elif padding == "valid":
        ph, pw = 0, 0
    else:
        ph, pw = padding, padding
    return max((H + 2 * ph - kh) // sh + 1, 0), max((W + 2 * pw - kw) // sw + 1, 0)
