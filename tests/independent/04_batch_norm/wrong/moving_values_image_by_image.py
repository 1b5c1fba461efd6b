"""Based on: loops
Kind: odd
Function: batch_norm_train
Mistake: The moving statistics are updated once for each image of the batch, with the statistics of that image.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / math.sqrt(var + eps) + beta[c]
        new_mean[c] = moving_mean[c]
        new_var[c] = moving_var[c]
        for n in range(x.shape[0]):
            image_mean, image_var = channel_stats(x[n].reshape(-1, C), c)
            new_mean[c] = momentum * new_mean[c] + (1 - momentum) * image_mean
            new_var[c] = momentum * new_var[c] + (1 - momentum) * image_var
    return y.reshape(x.shape), new_mean, new_var
