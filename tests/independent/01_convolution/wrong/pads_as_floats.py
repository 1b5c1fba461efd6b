"""Based on: helpers
Kind: single
Function: same_padding
Mistake: Divides with / and gives half of the zeros to each side, also when the number is odd.
"""


def same_padding(n, k, s):
    needed = (ceil_div(n, s) - 1) * s + k
    total = max(needed - n, 0)
    return total / 2, total / 2
