"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: m in the formula is the number of images, also if each image has many pixels.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    N, C = x.shape[0], x.shape[-1]
    axes = tuple(range(x.ndim - 1))
    std = np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) / std
    dgamma = (dy * xhat).reshape(-1, C).sum(axis=0)
    dbeta = dy.reshape(-1, C).sum(axis=0)
    dxhat = dy * gamma
    dx = (N * dxhat - dxhat.sum(axis=axes) - xhat * (dxhat * xhat).sum(axis=axes)) / (N * std)
    return dx, dgamma, dbeta
