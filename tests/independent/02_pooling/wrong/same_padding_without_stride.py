"""Based on: arrays
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: The padding of same is k - 1 in total, the formula for stride 1.
"""


def _pads(shape, k, s, padding):
    hw = np.array(shape[1:3])
    if padding == "valid":
        lo = hi = np.zeros(2, int)
    elif padding == "same":
        total = k - 1
        lo, hi = total // 2, total - total // 2
    else:
        lo = hi = np.full(2, padding)
    return lo, hi
