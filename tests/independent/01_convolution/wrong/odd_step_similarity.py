"""Based on: slices
Kind: odd
Function: conv2d_step
Mistake: Divides the sum by the lengths of patch and filter, because the result should say how much the patch looks like the filter.
"""


def conv2d_step(patch, w, b):
    out = np.zeros(w.shape[-1])
    for f in range(w.shape[-1]):
        length = np.sqrt(np.sum(patch**2)) * np.sqrt(np.sum(w[..., f] ** 2))
        if length > 0:
            out[f] = np.sum(patch * w[..., f]) / length
        out[f] += b[f]
    return out
