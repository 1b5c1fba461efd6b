"""Based on: slices
Kind: single
Function: global_avg_pool2d
Mistake: The largest number of each map is returned, because pooling is remembered as taking the largest.
"""


def global_avg_pool2d(x):
    return x.max(axis=(1, 2))
