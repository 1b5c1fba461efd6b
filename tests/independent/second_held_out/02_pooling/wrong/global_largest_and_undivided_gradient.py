"""Based on: arrays
Kind: double
Function: global_avg_pool2d, avg_pool2d_backward
Mistake: Global pooling takes the maximum of each map; and each pixel of a window gets the whole dy.
"""


def global_avg_pool2d(x):
    return x.max(axis=(1, 2))


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    oh, ow = dy.shape[1:3]
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    for i, j in np.ndindex(oh, ow):
        # every pixel of the window helped
        dx[:, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1]] += dy[:, i : i + 1, j : j + 1]
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
