"""Based on: slices
Kind: single
Function: conv_output_shape
Mistake: The 1 is added before the division by the stride.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    h, w = hw
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    p = padding if padding != "valid" else 0
    # n - k + 1 places, and we only take every s-th
    out_h = (h + 2 * p - kh + 1) // sh
    out_w = (w + 2 * p - kw + 1) // sw
    return out_h, out_w
