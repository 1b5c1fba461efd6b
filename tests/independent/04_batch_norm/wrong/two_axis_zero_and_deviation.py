"""Based on: helpers
Kind: double
Function: batch_norm_train
Mistake: For images only the batch axis is averaged; and the moving variance is fed with the standard deviation.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mean = mean_of(x)
    var = variance_of(x)
    y = scale_and_shift(normalise(x, mean, var, eps), gamma, beta)
    return y, blend(moving_mean, mean, momentum), blend(moving_var, np.sqrt(var), momentum)
