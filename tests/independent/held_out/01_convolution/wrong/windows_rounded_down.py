"""Based on: arrays
Kind: single
Function: same_padding
Mistake: Counts n // s windows: the last window, which is not complete, is forgotten.
"""


def same_padding(n, k, s):
    total = max((n // s - 1) * s + k - n, 0)
    return (total // 2, (total + 1) // 2)
