"""Based on: arrays
Kind: single
Function: pad2d
Mistake: Gives np.pad only one pair of numbers, which also pads the batch and the channels.
"""


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    if top == bottom == left == right:
        return np.pad(x, top)
    return np.pad(x, [(0, 0), (top, bottom), (left, right), (0, 0)])
