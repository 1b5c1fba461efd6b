"""Based on: helpers
Kind: single
Function: conv2d_fast
Mistake: Forgets to multiply the strides of the array by the stride of the convolution, so the windows start at neighbouring pixels.
"""


def im2col(xp, g):
    if g.OH == 0 or g.OW == 0:
        return np.zeros((g.N * g.OH * g.OW, g.KH * g.KW * g.C))
    n, r, c, d = xp.strides
    cols = np.lib.stride_tricks.as_strided(xp, (g.N, g.OH, g.OW, g.KH, g.KW, g.C), (n, r, c, r, c, d), writeable=False)
    return cols.reshape(g.N * g.OH * g.OW, -1)
