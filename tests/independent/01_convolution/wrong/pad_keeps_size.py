"""Based on: loops
Kind: single
Function: pad2d
Mistake: Writes zeros over the border of the image instead of making the image larger.
"""


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    out = x.copy()
    for i in range(H):
        for j in range(W):
            if i < top or i >= H - bottom or j < left or j >= W - right:
                out[:, i, j] = 0
    return out
