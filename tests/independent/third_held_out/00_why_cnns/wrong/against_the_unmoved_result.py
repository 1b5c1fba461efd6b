"""Based on: beginner
Kind: single
Function: equivariance_gap
Mistake: The result of the shifted image is compared with the result of the image, which is not shifted afterwards.
"""

import numpy as np


def equivariance_gap(f, x, dy, dx):
    shifted_x = shift2d(x, dy, dx)
    result_of_shifted_x = f(shifted_x)
    result_of_x = f(x)
    all_differences = np.array(result_of_shifted_x) * 1.0 - np.array(result_of_x) * 1.0
    absolute_differences = abs(all_differences)
    largest_difference = absolute_differences.max()
    return largest_difference
