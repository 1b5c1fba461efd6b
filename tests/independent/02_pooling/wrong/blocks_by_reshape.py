"""Based on: arrays
Kind: odd
Function: max_pool2d
Mistake: The picture is cut to a multiple of the window and reshaped into blocks; stride and padding are accepted and play no part.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, _ = _ks(size, stride)
    n, h, w, c = x.shape
    oh, ow = h // k[0], w // k[1]
    return x[:, : oh * k[0], : ow * k[1]].reshape(n, oh, k[0], ow, k[1], c).max(axis=(2, 4))
