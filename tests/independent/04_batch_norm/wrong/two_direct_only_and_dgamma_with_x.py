"""Based on: slices
Kind: double
Function: batch_norm_backward
Mistake: dx is only the direct path; and dgamma uses x and not the normalised x.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        g = dy[..., c]
        dbeta[c] = g.sum()
        dgamma[c] = (g * x[..., c]).sum()
        dx[..., c] = g * gamma[c] / np.sqrt(x[..., c].var() + eps)
    return dx, dgamma, dbeta
