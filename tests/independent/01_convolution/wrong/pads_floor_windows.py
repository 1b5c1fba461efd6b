"""Based on: beginner
Kind: single
Function: same_padding
Mistake: Rounds the number of windows down, so the last pixels get no window.
"""


def same_padding(n, k, s):
    number_of_windows = n // s
    pixels_needed = (number_of_windows - 1) * s + k
    if pixels_needed <= n:
        return (0, 0)
    zeros_needed = pixels_needed - n
    if zeros_needed % 2 == 0:
        before = zeros_needed // 2
        after = zeros_needed // 2
    else:
        before = zeros_needed // 2
        after = zeros_needed // 2 + 1
    return (before, after)
