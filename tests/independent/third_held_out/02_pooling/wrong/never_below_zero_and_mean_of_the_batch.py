"""Based on: helpers
Kind: double
Function: max_pool2d, global_avg_pool2d
Mistake: The largest number of a window is never less than 0, and global_avg_pool2d also averages over the images.
"""


def largest(patch):
    return patch.max(axis=(1, 2), initial=0)


def global_avg_pool2d(x):
    return x.mean(axis=(0, 1, 2))
