"""Based on: helpers
Kind: single
Function: same_padding
Mistake: Adds as many zeros as the output needs to be as large as the input at any stride.
"""


def same_padding(n, k, s):
    total = max((n - 1) * s + k - n, 0)
    return total // 2, total - total // 2
