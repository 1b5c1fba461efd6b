"""Based on: helpers
Kind: single
Function: conv2d_fast
Mistake: Exchanges the strides of rows and columns inside the window, so each patch is transposed.
"""


def im2col(xp, g):
    if g.OH == 0 or g.OW == 0:
        return np.zeros((g.N * g.OH * g.OW, g.KH * g.KW * g.C))
    n, r, c, d = xp.strides
    cols = np.lib.stride_tricks.as_strided(
        xp, (g.N, g.OH, g.OW, g.KH, g.KW, g.C), (n, r * g.SH, c * g.SW, c, r, d), writeable=False
    )
    return cols.reshape(g.N * g.OH * g.OW, -1)
