"""Based on: arrays
Kind: single
Function: global_avg_pool2d
Mistake: Averages over axes 2 and 3, as if the channels came first.
"""


def global_avg_pool2d(x):
    return x.mean(axis=(2, 3))
