"""Based on: helpers
Kind: single
Function: max_pool2d_backward
Mistake: In a tie, every maximum gets the whole gradient.
"""


def winners(patch):
    """True at the largest numbers of each map of the patch."""
    return patch == patch.max(axis=(1, 2), keepdims=True)
