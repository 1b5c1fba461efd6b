"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: eps is left out, so a constant column gives 0 / 0.
"""


def standardise(rows, mean, var):
    return (rows - mean) / np.sqrt(var)


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = mean_of(rows)
    var = variance_of(rows)
    y = scale_and_shift(standardise(rows, mean, var), gamma, beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
