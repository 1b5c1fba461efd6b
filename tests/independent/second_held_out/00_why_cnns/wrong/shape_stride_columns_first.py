"""Based on: loops
Kind: single
Function: conv_output_shape
Mistake: A pair of strides is read as (columns, rows).
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    if isinstance(kernel_size, int):
        KH = KW = kernel_size
    else:
        KH, KW = kernel_size
    if isinstance(stride, int):
        SH = SW = stride
    else:
        # x direction, y direction
        SW, SH = stride

    if padding == "same":
        OH = -(-H // SH)
        OW = -(-W // SW)
    elif padding == "valid":
        OH = (H - KH) // SH + 1
        OW = (W - KW) // SW + 1
    else:
        OH = (H + 2 * padding - KH) // SH + 1
        OW = (W + 2 * padding - KW) // SW + 1
    return OH, OW
