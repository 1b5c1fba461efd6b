"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Where windows overlap, the gradient of the last window replaces those of the windows before.
"""

import numpy as np


def grad_input(g, xp, dy, w):
    dxp = np.zeros(xp.shape)
    for i, j, win in g.windows():
        dxp[win] = (dy[:, i, j] @ flat_filters(w).T).reshape(g.N, g.KH, g.KW, g.C)
    return g.crop(dxp)
