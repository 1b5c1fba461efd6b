"""Based on: helpers
Kind: single
Function: avg_pool2d_backward
Mistake: Each pixel of a window gets the whole gradient.
"""


def equal_shares(patch):
    return np.ones(patch.shape)
