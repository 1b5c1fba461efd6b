"""Based on: arrays
Kind: double
Function: shift2d
Mistake: Lets the pixels come in on the other side; and moves the first two axes also in a batch.
"""


def shift2d(x, dy, dx):
    return np.roll(np.asarray(x), shift=(dy, dx), axis=(0, 1))
