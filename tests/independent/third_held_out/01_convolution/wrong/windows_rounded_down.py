"""Based on: beginner
Kind: single
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: The number of windows is n / s rounded down, so too few zeros are added.
"""


def same_padding(n, k, s):
    number_of_windows = n // s
    pixels_needed = (number_of_windows - 1) * s + k
    if pixels_needed <= n:
        return (0, 0)
    zeros_needed = pixels_needed - n
    before = zeros_needed // 2
    after = zeros_needed - before
    return (before, after)
