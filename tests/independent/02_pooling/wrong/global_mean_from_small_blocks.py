"""Based on: helpers
Kind: odd
Function: global_avg_pool2d
Mistake: The map is made smaller by average pooling until one pixel is left; with odd sizes rows and columns are lost.
"""


def global_avg_pool2d(x):
    small = x
    while small.shape[1] > 1 and small.shape[2] > 1:
        small = pool(small, 2, 2, "valid", average)
    return small[:, 0, 0]
