"""Based on: arrays
Kind: double
Function: pad2d
Mistake: Exchanges the pairs of rows and columns; and repeats the edge instead of zeros.
"""


def pad2d(x, pads):
    rows, cols = pads
    return np.pad(x, [(0, 0), tuple(cols), tuple(rows), (0, 0)], mode="edge")
