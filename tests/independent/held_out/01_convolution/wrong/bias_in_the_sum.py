"""Based on: helpers
Kind: single
Function: conv2d_step
Mistake: Adds the bias before the sum, so it is counted once for each product.
"""


def conv2d_step(patch, w, b):
    products = patch[:, :, :, None] * w + b
    return products.sum(axis=(0, 1, 2))
