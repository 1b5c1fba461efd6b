"""Based on: arrays
Kind: single
Function: max_pool2d
Mistake: The image is cut into blocks with reshape, which is right only where the stride is the size; the stride is not used.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    s = k  # blocks, side by side
    lo, hi = _pads(x.shape, k, s, padding)
    xp = np.pad(x.astype(float), ((0, 0), (lo[0], hi[0]), (lo[1], hi[1]), (0, 0)), constant_values=-np.inf)
    n, h, w, c = xp.shape
    oh, ow = h // k[0], w // k[1]
    xp = xp[:, : oh * k[0], : ow * k[1]]
    return xp.reshape(n, oh, k[0], ow, k[1], c).max(axis=(2, 4))
