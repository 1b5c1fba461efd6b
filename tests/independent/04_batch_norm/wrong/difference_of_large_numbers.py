"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The variance is computed as the mean of the squares minus the square of the mean, which loses all digits if the mean is large.
"""


def variance_of(rows):
    return mean_of(rows**2) - mean_of(rows) ** 2
