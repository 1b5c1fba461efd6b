"""Based on: beginner
Kind: single
Function: same_padding
Mistake: Half a kernel, k // 2, is added on each side, also for even kernels and larger strides.
"""


def same_padding(n, k, s):
    # the middle of the kernel should sit on the first pixel
    half = k // 2
    return (half, half)
