"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: The loop runs over the examples: each example is normalised by its own mean, since a table is read line by line.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    for n in range(x.shape[0]):
        example = x[n]
        y[n] = (example - example.mean()) / np.sqrt(example.var() + eps) * gamma + beta
    mean = np.array([x[..., c].mean() for c in range(x.shape[-1])])
    var = np.array([x[..., c].var() for c in range(x.shape[-1])])
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var
