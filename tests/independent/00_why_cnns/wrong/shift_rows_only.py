"""Based on: helpers
Kind: single
Function: shift2d
Mistake: Moves the rows and forgets the columns: the second call starts from x again and the first one is lost.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    rows, cols = image_axes(x)
    out = shift_axis(x, dy, rows)
    out = shift_axis(x, dx, cols)
    return out
