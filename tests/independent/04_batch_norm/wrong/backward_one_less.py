"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: In the backward pass the variance is divided by N - 1.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    n = x[..., 0].size
    for c in range(x.shape[-1]):
        g = dy[..., c]
        centred = x[..., c] - x[..., c].mean()
        var = (centred**2).sum() / max(n - 1, 1)
        xhat = centred / np.sqrt(var + eps)
        dbeta[c] = g.sum()
        dgamma[c] = (g * xhat).sum()
        dx[..., c] = gamma[c] / np.sqrt(var + eps) * (g - dbeta[c] / n - xhat * dgamma[c] / n)
    return dx, dgamma, dbeta
