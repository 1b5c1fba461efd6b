"""Based on: arrays
Kind: odd
Function: batch_norm_train
Mistake: The axis of the channels is searched as the first axis whose length is that of gamma, which is right only if no earlier axis is as long.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    channel_axis = x.shape.index(len(gamma))
    axes = tuple(a for a in range(x.ndim) if a != channel_axis)
    shape = [1] * x.ndim
    shape[channel_axis] = -1
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    xhat = (x - mu.reshape(shape)) / np.sqrt(var.reshape(shape) + eps)
    y = gamma.reshape(shape) * xhat + beta.reshape(shape)
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
