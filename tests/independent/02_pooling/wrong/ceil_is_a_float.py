"""Based on: slices
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: np.ceil gives a number with a decimal point, which range and np.empty refuse.
"""


def plan(n, k, s, padding):
    """Number of windows along one axis, and the padding before and after."""
    if padding == "valid":
        before, after = 0, 0
        out = (n - k) // s + 1
    elif padding == "same":
        out = np.ceil(n / s)
        total = max((out - 1) * s + k - n, 0)
        before, after = total // 2, total - total // 2
    else:
        before, after = padding, padding
        out = (n + 2 * padding - k) // s + 1
    return max(out, 0), before, after
