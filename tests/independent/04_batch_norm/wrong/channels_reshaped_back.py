"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The channels are moved to the front, and the result is reshaped to the shape of x where it should be transposed.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    flat = x.reshape(-1, x.shape[-1]).T
    mu = flat.mean(axis=1)
    var = flat.var(axis=1)
    y = gamma[:, None] * (flat - mu[:, None]) / np.sqrt(var + eps)[:, None] + beta[:, None]
    return (
        y.reshape(x.shape),
        momentum * moving_mean + (1 - momentum) * mu,
        momentum * moving_var + (1 - momentum) * var,
    )
