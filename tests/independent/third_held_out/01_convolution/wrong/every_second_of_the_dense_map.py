"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Padding "same" is laid out for stride 1, and the stride only picks from that map.
"""

import numpy as np


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, 1, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w) + b
    SH, SW = pair(stride)
    return y[:, ::SH, ::SW]
