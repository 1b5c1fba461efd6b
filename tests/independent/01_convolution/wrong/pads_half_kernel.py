"""Based on: beginner
Kind: single
Function: same_padding
Mistake: Adds half the kernel on both sides, remembering p = k // 2 from odd kernels.
"""


def same_padding(n, k, s):
    half_of_the_kernel = k // 2
    before = half_of_the_kernel
    after = half_of_the_kernel
    return (before, after)
