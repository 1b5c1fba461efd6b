"""Based on: helpers
Kind: single
Function: batch_norm_backward
Mistake: Forgets the path through the variance.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    rows = to_rows(x)
    grads = to_rows(dy)
    centred = rows - mean_of(rows)
    std = np.sqrt(variance_of(rows) + eps)
    dbeta = grads.sum(axis=0)
    dgamma = (grads * centred / std).sum(axis=0)
    dxhat = grads * gamma
    dx = direct_path(dxhat, std) + mean_path(dxhat, std)
    return dx.reshape(x.shape), dgamma, dbeta
