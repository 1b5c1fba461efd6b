"""Based on: helpers
Kind: double
Function: avg_pool2d, max_pool2d_backward
Mistake: The mean is divided by the whole window even where it covers padding; and in a tie each of the maxima gets the whole gradient.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = as_pair(size)

    def divided_sum(patch):
        return patch.sum(axis=(1, 2)) / (kh * kw)

    return pool(x, size, stride, padding, divided_sum)


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    def is_max(patch):
        return (patch == patch.max(axis=(1, 2), keepdims=True)).astype(float)

    return unpool(dy, x, size, stride, padding, is_max)
