"""Based on: slices
Kind: single
Function: conv2d_step
Mistake: Adds the bias to every product before the sum.
"""


def conv2d_step(patch, w, b):
    out = np.zeros(w.shape[-1])
    for f in range(w.shape[-1]):
        out[f] = np.sum(patch * w[..., f] + b[f])
    return out
