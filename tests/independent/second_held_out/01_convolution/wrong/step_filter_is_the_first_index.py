"""Based on: arrays
Kind: single
Function: conv2d_step
Mistake: Filter f is taken as w[f], the first axis, and not as w[..., f].
"""


def conv2d_step(patch, w, b):
    out = np.zeros(len(b))
    for f in range(len(b)):
        kernel = w[f]
        out[f] = np.sum(patch * kernel) + b[f]
    return out
