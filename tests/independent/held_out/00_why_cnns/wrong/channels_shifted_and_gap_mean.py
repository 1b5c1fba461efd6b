"""Based on: helpers
Kind: double
Function: shift2d, equivariance_gap
Mistake: Takes the last two axes for rows and columns, which moves the channels of a colour image; and averages the differences where the largest is asked for.
"""


def image_axes(x):
    return (-2, -1)


def largest_difference(a, b):
    return float(np.mean(np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))))
