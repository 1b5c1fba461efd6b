"""Based on: helpers
Kind: double
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: The zeros of "same" do not depend on the stride, and conv2d_fast lists channels before pixels only on one side.
"""

import numpy as np


def same_padding(n, k, s):
    total = k - 1
    return total // 2, total - total // 2


def im2col(xp, g):
    if g.OH == 0 or g.OW == 0:
        return np.zeros((g.N * g.OH * g.OW, g.KH * g.KW * g.C))
    n, r, c, d = xp.strides
    cols = np.lib.stride_tricks.as_strided(
        xp, (g.N, g.OH, g.OW, g.C, g.KH, g.KW), (n, r * g.SH, c * g.SW, d, r, c), writeable=False
    )
    return cols.reshape(g.N * g.OH * g.OW, -1)
