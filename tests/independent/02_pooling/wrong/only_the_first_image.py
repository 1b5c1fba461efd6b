"""Based on: helpers
Kind: single
Function: max_pool2d
Mistake: Only the first image of the batch is pooled, because the function was tried with one picture.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    picture = x[:1]
    return pool(picture, size, stride, padding, largest)
