"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: beta is added before the multiplication by gamma.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean, var = mean_of(rows), variance_of(rows)
    normal = normalise(rows, mean, var, eps)
    y = gamma * (normal + beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
