"""Based on: loops
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With padding same the number of windows is n // stride, so an odd last row has no window: ceil is forgotten.
"""


def same_plan(n, k, s):
    windows = n // s
    missing = (windows - 1) * s + k - n
    if missing < 0:
        missing = 0
    return windows, missing // 2


def geometry(x, size, stride, padding):
    N, H, W, C = x.shape
    KH, KW = pair(size)
    SH, SW = (KH, KW) if stride is None else pair(stride)
    if padding == "same":
        OH, top = same_plan(H, KH, SH)
        OW, left = same_plan(W, KW, SW)
        return KH, KW, SH, SW, OH, OW, top, left
    p = 0 if padding == "valid" else padding
    OH = max((H + 2 * p - KH) // SH + 1, 0)
    OW = max((W + 2 * p - KW) // SW + 1, 0)
    return KH, KW, SH, SW, OH, OW, p, p
