"""Based on: beginner
Kind: single
Function: equivariance_gap
Mistake: Finds the largest pixel of each result and compares these two numbers, instead of comparing pixel by pixel.
"""


def equivariance_gap(f, x, dy, dx):
    result_of_shifted_x = np.array(f(shift2d(x, dy, dx))) * 1.0
    shifted_result_of_x = np.array(shift2d(f(x), dy, dx)) * 1.0
    largest_of_first = abs(result_of_shifted_x).max()
    largest_of_second = abs(shifted_result_of_x).max()
    return abs(largest_of_first - largest_of_second)
