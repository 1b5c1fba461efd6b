"""Based on: helpers
Kind: single
Function: global_avg_pool2d
Mistake: The result keeps two axes of length one for the rows and the columns.
"""

import numpy as np


def global_avg_pool2d(x):
    y = np.zeros((x.shape[0], 1, 1, x.shape[3]))
    y[:, 0, 0] = average(x)
    return y
