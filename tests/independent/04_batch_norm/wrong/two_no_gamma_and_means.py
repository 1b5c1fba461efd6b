"""Based on: helpers
Kind: double
Function: batch_norm_backward
Mistake: gamma is left out of dx; and dbeta is a mean.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    rows = to_rows(x)
    grads = to_rows(dy)
    centred = rows - mean_of(rows)
    std = np.sqrt(variance_of(rows) + eps)
    dbeta = mean_of(grads)
    dgamma = (grads * centred / std).sum(axis=0)
    dxhat = grads
    dx = direct_path(dxhat, std) + variance_path(dxhat, centred, std) + mean_path(dxhat, std)
    return dx.reshape(x.shape), dgamma, dbeta
