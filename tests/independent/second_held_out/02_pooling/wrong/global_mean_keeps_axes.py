"""Based on: arrays
Kind: single
Function: global_avg_pool2d
Mistake: keepdims leaves the shape (N, 1, 1, C).
"""


def global_avg_pool2d(x):
    return x.mean(axis=(1, 2), keepdims=True)
