"""Based on: arrays
Kind: single
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: The zeros make up for the kernel alone, k - 1 in total, and the stride is not looked at.
"""


def same_padding(n, k, s):
    total = k - 1
    return (total // 2, total - total // 2)
