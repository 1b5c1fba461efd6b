"""Based on: slices
Kind: single
Function: same_padding
Mistake: k - 1 zeros are added whatever the stride is.
"""


def same_padding(n, k, s):
    # at stride 1 the kernel eats k - 1 pixels, so give them back
    missing = k - 1
    before = missing // 2
    return before, missing - before
