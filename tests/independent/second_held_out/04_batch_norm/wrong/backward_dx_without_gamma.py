"""Based on: loops
Kind: single
Function: batch_norm_backward
Mistake: dx is not multiplied by gamma.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    C = x.shape[-1]
    dx = np.zeros(x.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    for c in range(C):
        xc = x[..., c]
        g = dy[..., c]
        m = xc.size
        mean = xc.sum() / m
        std = np.sqrt(((xc - mean) ** 2).sum() / m + eps)
        xn = (xc - mean) / std
        dbeta[c] = g.sum()
        dgamma[c] = (g * xn).sum()
        dx[..., c] = (m * g - g.sum() - xn * (g * xn).sum()) / (m * std)
    return dx, dgamma, dbeta
