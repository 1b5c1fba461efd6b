"""Based on: beginner
Kind: single
Function: pad2d
Mistake: The middle is written to [top:-bottom, left:-right], which is empty without padding and raises ValueError.
"""


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    n, h, w, c = x.shape
    # bigger array full of zeros
    out = np.zeros((n, top + h + bottom, left + w + right, c))
    # and x in the middle
    out[:, top:-bottom, left:-right, :] = x
    return out
