"""Based on: helpers
Kind: single
Function: avg_pool2d
Mistake: The median is taken for the average.
"""


def middle(patch):
    return np.median(patch, axis=(1, 2))


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return pool(x, size, stride, padding, middle)
