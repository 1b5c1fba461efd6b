"""Based on: beginner
Kind: single
Function: same_padding
Mistake: Puts the odd zero before the pixels.
"""


def same_padding(n, k, s):
    if n % s == 0:
        number_of_windows = n // s
    else:
        number_of_windows = n // s + 1
    pixels_needed = (number_of_windows - 1) * s + k
    if pixels_needed <= n:
        return (0, 0)
    zeros_needed = pixels_needed - n
    if zeros_needed % 2 == 0:
        before = zeros_needed // 2
        after = zeros_needed // 2
    else:
        before = zeros_needed // 2 + 1
        after = zeros_needed // 2
    return (before, after)
