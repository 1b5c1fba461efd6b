"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: eps is added after the root in the backward pass.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    m = x.size // x.shape[-1]
    inv = 1 / (np.sqrt(x.var(axis=axes)) + eps)
    xhat = (x - x.mean(axis=axes)) * inv
    dbeta = dy.sum(axis=axes)
    dgamma = np.einsum("mc,mc->c", dy.reshape(m, -1), xhat.reshape(m, -1))
    dx = gamma * inv / m * (m * dy - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
