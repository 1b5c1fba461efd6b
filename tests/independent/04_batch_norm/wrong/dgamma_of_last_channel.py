"""Based on: loops
Kind: odd
Function: batch_norm_backward
Mistake: The sums start at 0 once before the loop over the channels and not for each channel, so later channels contain the sums of the earlier ones.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    drows = dy.reshape(-1, C)
    m = rows.shape[0]
    dx = np.zeros(rows.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    sum_dy = 0.0
    sum_dy_xhat = 0.0
    for c in range(C):
        mu, var = channel_stats(rows, c)
        std = math.sqrt(var + eps)
        for i in range(m):
            sum_dy += drows[i, c]
            sum_dy_xhat += drows[i, c] * (rows[i, c] - mu) / std
        dbeta[c] = sum_dy
        dgamma[c] = sum_dy_xhat
        for i in range(m):
            xhat = (rows[i, c] - mu) / std
            dx[i, c] = gamma[c] / std * (drows[i, c] - sum_dy / m - xhat * sum_dy_xhat / m)
    return dx.reshape(x.shape), dgamma, dbeta
