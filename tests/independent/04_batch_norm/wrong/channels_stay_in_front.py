"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The channels are moved to the front for the statistics, and the result is never moved back.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    xc = np.moveaxis(x, -1, 0)
    flat = xc.reshape(len(gamma), -1)
    mu = flat.mean(axis=1)
    var = flat.var(axis=1)
    yc = gamma[:, None] * (flat - mu[:, None]) / np.sqrt(var + eps)[:, None] + beta[:, None]
    return (
        yc.reshape(xc.shape),
        momentum * moving_mean + (1 - momentum) * mu,
        momentum * moving_var + (1 - momentum) * var,
    )
