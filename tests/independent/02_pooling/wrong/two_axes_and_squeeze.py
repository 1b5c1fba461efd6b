"""Based on: helpers
Kind: double
Function: global_avg_pool2d
Mistake: The sum is divided by the number of rows only; and the result keeps the two axes of length 1.
"""


def global_avg_pool2d(x):
    rows = x.shape[1]
    return x.sum(axis=(1, 2), keepdims=True) / rows
