"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: np.std gives the deviation, and the root is taken of it once more.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        mean, std = np.mean(x[..., c]), np.std(x[..., c])
        y[..., c] = gamma[c] * (x[..., c] - mean) / np.sqrt(std + eps) + beta[c]
        new_mean[c] = momentum * new_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * new_var[c] + (1 - momentum) * std**2
    return y, new_mean, new_var
