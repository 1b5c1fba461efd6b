"""Based on: slices
Kind: single
Function: global_avg_pool2d
Mistake: The result keeps two axes of length 1, because it should still be a picture of one pixel.
"""


def global_avg_pool2d(x):
    return x.mean(axis=(1, 2), keepdims=True)
