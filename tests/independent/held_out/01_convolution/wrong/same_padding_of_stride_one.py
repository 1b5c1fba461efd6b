"""Based on: helpers
Kind: single
Function: same_padding
Mistake: Always adds k - 1 zeros, which is right at stride 1 only.
"""


def same_padding(n, k, s):
    total = k - 1
    return total // 2, total - total // 2
