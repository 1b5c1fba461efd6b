"""Based on: loops
Kind: single
Function: dropout
Mistake: The loops run over the two axes of a table, so arrays with one or four axes are not possible.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    N, D = x.shape
    mask = np.ones((N, D))
    y = np.zeros((N, D))
    for n in range(N):
        for d in range(D):
            if training:
                if rng.random() < rate:
                    mask[n, d] = 0.0
                else:
                    mask[n, d] = 1.0 / (1.0 - rate)
            y[n, d] = x[n, d] * mask[n, d]
    return y, mask
