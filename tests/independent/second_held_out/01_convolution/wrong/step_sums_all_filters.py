"""Based on: slices
Kind: single
Function: conv2d_step
Mistake: np.sum without axes adds up the products of all filters, so each filter gets the same sum.
"""


def conv2d_step(patch, w, b):
    product = patch[:, :, :, None] * w
    return np.sum(product) + b
