"""Based on: beginner
Kind: single
Function: conv2d_step
Mistake: Adds the results of all filters to one number, because a position is said to give one number.
"""


def conv2d_step(patch, w, b):
    sum_of_everything = 0
    for filter_number in range(w.shape[3]):
        one_filter = w[:, :, :, filter_number]
        products = patch * one_filter
        sum_of_everything = sum_of_everything + products.sum() + b[filter_number]
    return np.array(sum_of_everything)
