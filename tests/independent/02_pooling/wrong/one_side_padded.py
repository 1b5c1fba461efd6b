"""Based on: loops
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With a number p the formula for the output has + p and not + 2 * p: the second side is forgotten.
"""


def geometry(x, size, stride, padding):
    N, H, W, C = x.shape
    KH, KW = pair(size)
    SH, SW = (KH, KW) if stride is None else pair(stride)
    if padding == "same":
        OH = (H + SH - 1) // SH
        OW = (W + SW - 1) // SW
        top = max((OH - 1) * SH + KH - H, 0) // 2
        left = max((OW - 1) * SW + KW - W, 0) // 2
    else:
        p = 0 if padding == "valid" else padding
        OH = max((H + p - KH) // SH + 1, 0)
        OW = max((W + p - KW) // SW + 1, 0)
        top = p
        left = p
    return KH, KW, SH, SW, OH, OW, top, left
