"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: dx is the normalised dy: the forward pass is applied to the gradient.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        g = dy[..., c]
        xhat = (x[..., c] - x[..., c].mean()) / np.sqrt(x[..., c].var() + eps)
        dgamma[c] = (g * xhat).sum()
        dbeta[c] = g.sum()
        dx[..., c] = gamma[c] * (g - g.mean()) / np.sqrt(g.var() + eps)
    return dx, dgamma, dbeta
