"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: The number of examples of a channel is N, also for maps, where it is N * H * W.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    N = x.shape[0]
    mu, var = x.mean(axis=axes), x.var(axis=axes)
    ivar = 1.0 / np.sqrt(var + eps)
    xhat = (x - mu) * ivar
    dbeta = np.sum(dy, axis=axes)
    dgamma = np.sum(dy * xhat, axis=axes)
    dxhat = dy * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(axis=axes) - xhat * (dxhat * xhat).sum(axis=axes))
    return dx, dgamma, dbeta
