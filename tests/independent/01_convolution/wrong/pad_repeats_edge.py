"""Based on: helpers
Kind: single
Function: pad2d
Mistake: Repeats the border pixels instead of zeros, because black borders look unnatural.
"""


def pad2d(x, pads):
    return np.pad(x, ((0, 0), pads[0], pads[1], (0, 0)), mode="edge")
