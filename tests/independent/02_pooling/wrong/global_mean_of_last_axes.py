"""Based on: arrays
Kind: single
Function: global_avg_pool2d
Mistake: The mean is taken over axes 2 and 3, as if the channels came right after the batch (N, C, H, W).
"""


def global_avg_pool2d(x):
    n, c = x.shape[:2]
    return x.reshape(n, c, -1).mean(axis=-1)
