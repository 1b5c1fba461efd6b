"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The statistics of a batch of images are taken over the images alone, so each position has its own.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mean = mean_of(x)
    var = variance_of(x)
    y = scale_and_shift(normalise(x, mean, var, eps), gamma, beta)
    return y, blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)
