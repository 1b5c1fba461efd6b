"""Based on: helpers
Kind: single
Function: shift2d
Mistake: Moves the last two axes, which are columns and channels as soon as there are channels.
"""


def image_axes(x):
    return (np.ndim(x) - 2, np.ndim(x) - 1)
