"""Based on: beginner
Kind: single
Function: conv2d_step, conv2d
Mistake: The kernel is flipped upside down and left to right before it is multiplied by the patch.
"""

import numpy as np


def conv2d_step(patch, w, b):
    results = []
    for filter_number in range(w.shape[3]):
        one_filter = w[:, :, :, filter_number]
        flipped_filter = one_filter[::-1, ::-1, :]
        products = patch * flipped_filter
        result = products.sum()
        result = result + b[filter_number]
        results.append(result)
    return np.array(results)
