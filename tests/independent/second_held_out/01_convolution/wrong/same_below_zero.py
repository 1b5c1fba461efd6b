"""Based on: arrays
Kind: single
Function: same_padding
Mistake: The number of missing pixels is not held at 0, so it is negative where the stride is larger than the kernel.
"""


def same_padding(n, k, s):
    out = int(np.ceil(n / s))
    last_end = (out - 1) * s + k
    total = last_end - n
    return total // 2, total - total // 2
