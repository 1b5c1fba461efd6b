"""Based on: slices
Kind: single
Function: global_avg_pool2d
Mistake: The mean runs over the last two axes, as if the channels came second.
"""


def global_avg_pool2d(x):
    return x.mean(axis=(2, 3))
