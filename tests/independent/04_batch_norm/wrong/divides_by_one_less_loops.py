"""Based on: loops
Kind: single
Function: batch_norm_train
Mistake: The sum of squares is divided by the number of examples less one.
"""


def sample_stats(rows, c):
    m = rows.shape[0]
    mu = 0.0
    for i in range(m):
        mu += rows[i, c] / m
    total = 0.0
    for i in range(m):
        total += (rows[i, c] - mu) ** 2
    return mu, total / max(m - 1, 1)


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    for c in range(C):
        mu, var = sample_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / math.sqrt(var + eps) + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mu
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), new_mean, new_var
