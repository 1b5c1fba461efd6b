"""Based on: beginner
Kind: odd
Function: equivariance_gap
Mistake: Turns both results into whole numbers from 0 to 255 before comparing, because pixels of a photo are such numbers.
"""


def equivariance_gap(f, x, dy, dx):
    result_of_shifted_x = np.array(f(shift2d(x, dy, dx)))
    shifted_result_of_x = np.array(shift2d(f(x), dy, dx))
    first_picture = np.clip(result_of_shifted_x, 0, 255).astype(int)
    second_picture = np.clip(shifted_result_of_x, 0, 255).astype(int)
    return float(abs(first_picture - second_picture).max())
