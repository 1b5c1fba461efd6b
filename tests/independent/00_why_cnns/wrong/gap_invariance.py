"""Based on: beginner
Kind: single
Function: equivariance_gap
Mistake: Compares f(shifted x) with f(x) that was not shifted, which asks for invariance and not equivariance.
"""


def equivariance_gap(f, x, dy, dx):
    shifted_x = shift2d(x, dy, dx)
    result_of_shifted_x = f(shifted_x)
    result_of_x = f(x)
    all_differences = np.array(result_of_shifted_x) * 1.0 - np.array(result_of_x) * 1.0
    return abs(all_differences).max()
