"""Based on: arrays
Kind: single
Function: conv2d_step
Mistake: Sums over rows and columns only and keeps the channels, so the result has one number per channel and filter.
"""


def conv2d_step(patch, w, b):
    return np.einsum("abc,abcf->cf", patch, w) + b
