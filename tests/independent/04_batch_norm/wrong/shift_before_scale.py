"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: beta is added first and then everything is multiplied by gamma.
"""


def shift_and_scale(rows, gamma, beta):
    return (rows + beta) * gamma


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = mean_of(rows)
    var = variance_of(rows)
    y = shift_and_scale(normalise(rows, mean, var, eps), gamma, beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
