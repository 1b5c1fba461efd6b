"""Based on: loops
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With padding same the number of windows is n // stride, so an odd last row has no window: ceil is forgotten.
"""


def geometry(x, size, stride, padding):
    N, H, W, C = x.shape
    KH, KW = pair(size)
    SH, SW = (KH, KW) if stride is None else pair(stride)
    if padding == "same":
        OH = H // SH
        OW = W // SW
        top = max((OH - 1) * SH + KH - H, 0) // 2
        left = max((OW - 1) * SW + KW - W, 0) // 2
    else:
        p = 0 if padding == "valid" else padding
        OH = max((H + 2 * p - KH) // SH + 1, 0)
        OW = max((W + 2 * p - KW) // SW + 1, 0)
        top = p
        left = p
    return KH, KW, SH, SW, OH, OW, top, left
