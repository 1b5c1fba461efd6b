"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: The variance is that of a coin times x squared, as if the survivors were not scaled.
"""

import numpy as np


def dropout_moments(x, rate):
    return x * 1.0, np.square(x) * rate * (1.0 - rate)
