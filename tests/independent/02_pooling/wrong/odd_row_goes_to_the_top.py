"""Based on: slices
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: If the padding is odd, the larger half goes before the picture.
"""


def plan(n, k, s, padding):
    """Number of windows along one axis, and the padding before and after."""
    if padding == "valid":
        before, after = 0, 0
        out = (n - k) // s + 1
    elif padding == "same":
        out = math.ceil(n / s)
        total = max((out - 1) * s + k - n, 0)
        before, after = total - total // 2, total // 2
    else:
        before, after = padding, padding
        out = (n + 2 * padding - k) // s + 1
    return max(out, 0), before, after
