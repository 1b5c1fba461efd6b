"""Based on: helpers
Kind: single
Function: avg_pool2d_backward
Mistake: Every pixel of the window gets the full gradient; the division by the number of pixels is forgotten.
"""


def equal_shares(patch):
    return np.ones(patch.shape)
