"""Based on: loops
Kind: double
Function: dropout, dropout_backward
Mistake: Lets the rate 1 through, and no ValueError is raised; and the gradient is scaled twice.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate <= 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    for idx in np.ndindex(dy.shape):
        dx[idx] = dy[idx] * mask[idx] ** 2
    return dx
