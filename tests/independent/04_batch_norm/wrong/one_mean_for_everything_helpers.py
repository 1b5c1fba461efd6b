"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The helpers sum over all numbers and not along axis 0, so every channel gets the same statistics.
"""


def total_mean(rows):
    return rows.sum() / rows.size


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = total_mean(rows)
    var = total_mean((rows - mean) ** 2)
    y = scale_and_shift(normalise(rows, mean, var, eps), gamma, beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
