"""Based on: arrays
Kind: single
Function: pad2d
Mistake: Pads the last two axes, columns and channels, as if channels came before the rows.
"""


def pad2d(x, pads):
    return np.pad(x, [(0, 0), (0, 0), tuple(pads[0]), tuple(pads[1])])
