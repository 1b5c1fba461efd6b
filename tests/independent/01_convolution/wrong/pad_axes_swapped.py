"""Based on: slices
Kind: single
Function: pad2d
Mistake: Takes the first pair of pads for left and right and the second for top and bottom.
"""


def pad2d(x, pads):
    (left, right), (top, bottom) = pads
    N, H, W, C = x.shape
    out = np.zeros((N, H + top + bottom, W + left + right, C), dtype=x.dtype)
    out[:, top : top + H, left : left + W, :] = x
    return out
