"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The statistics are taken along the features of each example and not along the batch (layer normalisation); the moving statistics get the right values.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = rows.mean(axis=1, keepdims=True)
    var = rows.var(axis=1, keepdims=True)
    y = scale_and_shift(normalise(rows, mean, var, eps), gamma, beta)
    new_mean = blend(moving_mean, mean_of(rows), momentum)
    new_var = blend(moving_var, variance_of(rows), momentum)
    return y.reshape(x.shape), new_mean, new_var
