"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: y is normalised by the updated moving statistics and not by those of the batch.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    new_mean = blend(moving_mean, mean_of(rows), momentum)
    new_var = blend(moving_var, variance_of(rows), momentum)
    y = scale_and_shift(normalise(rows, new_mean, new_var, eps), gamma, beta)
    return y.reshape(x.shape), new_mean, new_var
