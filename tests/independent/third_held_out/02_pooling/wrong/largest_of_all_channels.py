"""Based on: helpers
Kind: single
Function: max_pool2d
Mistake: The largest number is taken over all channels of the window, and each channel gets it.
"""


def largest(patch):
    n = patch.shape[0]
    return patch.reshape(n, -1).max(axis=1, keepdims=True)
