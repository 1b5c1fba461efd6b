"""Based on: helpers
Kind: odd
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: The axes are kept in a dictionary to save time, but its key has only the shape of x and not size, stride and padding.
"""

known_axes = {}


def make_axes(x, size, stride, padding):
    if x.shape in known_axes:
        return known_axes[x.shape]
    k = as_pair(size)
    s = k if stride is None else as_pair(stride)
    known_axes[x.shape] = Axis(x.shape[1], k[0], s[0], padding), Axis(x.shape[2], k[1], s[1], padding)
    return known_axes[x.shape]
