"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: For images the mean of a channel is taken over rows and columns of each image (instance normalisation); the moving statistics get the mean of these.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = (0,) if x.ndim == 2 else (1, 2)
    mean = x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    y = (x - mean) / np.sqrt(var + eps) * gamma + beta
    batch_mean = mean.reshape(-1, x.shape[-1]).mean(axis=0)
    batch_var = x.reshape(-1, x.shape[-1]).var(axis=0)
    new_mean = momentum * moving_mean + (1 - momentum) * batch_mean
    new_var = momentum * moving_var + (1 - momentum) * batch_var
    return y, new_mean, new_var
