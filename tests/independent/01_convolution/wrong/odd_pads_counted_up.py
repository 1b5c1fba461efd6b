"""Based on: loops
Kind: odd
Function: same_padding
Mistake: Adds zeros one at a time, after and before in turn, until floor((n + zeros) / k) windows are enough, confusing windows that overlap with blocks.
"""


def same_padding(n, k, s):
    wanted = -(-n // s)
    before = 0
    after = 0
    while (before + n + after) // k < wanted and before + after < k:
        if before < after:
            before += 1
        else:
            after += 1
    return before, after
