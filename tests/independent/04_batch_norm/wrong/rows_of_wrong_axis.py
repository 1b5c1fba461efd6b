"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: For the statistics the images are reshaped to (C, M) and transposed, which mixes channels and pixels.
"""


def channels_to_rows(a):
    c = a.shape[-1]
    return a if a.ndim == 2 else a.reshape(c, -1).T


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = channels_to_rows(x)
    mean = mean_of(rows)
    var = variance_of(rows)
    y = scale_and_shift(normalise(x, mean, var, eps), gamma, beta)
    return y, blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
