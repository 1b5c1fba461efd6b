"""Based on: arrays
Kind: single
Function: pad2d
Mistake: Pads the columns with the zeros that are meant for the rows (copied and not changed).
"""


def pad2d(x, pads):
    return np.pad(x, [(0, 0), tuple(pads[0]), tuple(pads[0]), (0, 0)])
