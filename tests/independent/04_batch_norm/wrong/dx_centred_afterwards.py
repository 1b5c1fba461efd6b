"""Based on: helpers
Kind: odd
Function: batch_norm_backward
Mistake: Only the direct path is computed; then its mean is subtracted and it is made to have the same length again, because dx must have the sum 0.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    rows = to_rows(x)
    grads = to_rows(dy)
    centred = rows - mean_of(rows)
    std = np.sqrt(variance_of(rows) + eps)
    dbeta = grads.sum(axis=0)
    dgamma = (grads * centred / std).sum(axis=0)
    dxhat = grads * gamma
    direct = direct_path(dxhat, std)
    dx = direct - mean_of(direct)
    dx = dx * np.sqrt((direct**2).sum(axis=0) / ((dx**2).sum(axis=0) + 1e-12))
    return dx.reshape(x.shape), dgamma, dbeta
