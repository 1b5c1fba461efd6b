"""Based on: loops
Kind: double
Function: batch_norm_backward
Mistake: The mean and the variance are treated as constants; and dgamma is a mean over the examples.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mean = x.mean(axis=axes)
    std = np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - mean) / std
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * xhat).mean(axis=axes)
    # chain rule: y = gamma * (x - mean) / std + beta
    dx = dy * gamma / std
    return dx, dgamma, dbeta
