"""Based on: helpers
Kind: single
Function: batch_norm_backward
Mistake: The path through the variance is left out.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    rows, grads = to_rows(x), to_rows(dy)
    centred = rows - mean_of(rows)
    std = np.sqrt(variance_of(rows) + eps)
    xhat = centred / std
    dxhat = grads * gamma
    # path 1: directly, path 2: over the mean
    dx = direct_path(dxhat, std) + mean_path(dxhat, std)
    return dx.reshape(x.shape), (grads * xhat).sum(axis=0), grads.sum(axis=0)
