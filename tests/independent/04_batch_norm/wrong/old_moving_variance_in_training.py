"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The mean of the batch is subtracted, but the old moving variance is in the divisor.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = mean_of(rows)
    var = variance_of(rows)
    y = scale_and_shift(normalise(rows, mean, moving_var, eps), gamma, beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
