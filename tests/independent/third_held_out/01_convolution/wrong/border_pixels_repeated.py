"""Based on: arrays
Kind: single
Function: pad2d, conv2d, conv2d_backward, conv2d_fast
Mistake: The padding repeats the pixels at the border and does not put zeros there.
"""

import numpy as np


def pad2d(x, pads):
    return np.pad(x, [(0, 0), tuple(pads[0]), tuple(pads[1]), (0, 0)], mode="edge")
