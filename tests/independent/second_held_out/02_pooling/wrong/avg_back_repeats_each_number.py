"""Based on: arrays
Kind: single
Function: avg_pool2d_backward
Mistake: Each dy is repeated over a block as large as the window, which is right only where windows are side by side; the stride is not used.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    count = _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    # blow dy up again
    big = np.repeat(np.repeat(dy / count, k[0], axis=1), k[1], axis=2)
    full = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    h, w = min(full.shape[1], big.shape[1]), min(full.shape[2], big.shape[2])
    full[:, :h, :w] = big[:, :h, :w]
    return full[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
