"""Based on: helpers
Kind: single
Function: max_pool2d
Mistake: The maximum runs over axes 0, 1 and 2, because only the last axis (the channels) is remembered as separate.
"""


def largest(patch):
    return patch.max(axis=(0, 1, 2))
