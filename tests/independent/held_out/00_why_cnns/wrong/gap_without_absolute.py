"""Based on: beginner
Kind: single
Function: equivariance_gap
Mistake: Takes the largest difference with its sign: a large negative difference does not count.
"""


def equivariance_gap(f, x, dy, dx):
    shifted_x = shift2d(x, dy, dx)
    result_of_shifted_x = f(shifted_x)
    result_of_x = f(x)
    shifted_result_of_x = shift2d(result_of_x, dy, dx)
    all_differences = np.array(result_of_shifted_x) * 1.0 - np.array(shifted_result_of_x) * 1.0
    largest_difference = all_differences.max()
    return largest_difference
