"""Based on: helpers
Kind: single
Function: same_padding
Mistake: The odd zero goes before the pixels and not after them.
"""


def same_padding(n, k, s):
    windows = ceil_div(n, s)
    total = max((windows - 1) * s + k - n, 0)
    after = total // 2
    before = total - after
    return before, after
