"""Based on: arrays
Kind: single
Function: same_padding
Mistake: Always adds k - 1 zeros, the rule for stride 1.
"""


def same_padding(n, k, s):
    total = k - 1
    return (total // 2, (total + 1) // 2)
