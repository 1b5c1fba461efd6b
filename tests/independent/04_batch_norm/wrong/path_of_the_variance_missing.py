"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: The variance is treated as a constant: the last term is missing.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        values = x[..., c]
        inv_std = 1 / np.sqrt(values.var() + eps)
        dbeta[c] = dy[..., c].sum()
        dgamma[c] = (dy[..., c] * (values - values.mean())).sum() * inv_std
        direct = dy[..., c] * gamma[c] * inv_std
        through_mean = -direct.sum() / direct.size
        dx[..., c] = direct + through_mean
    return dx, dgamma, dbeta
