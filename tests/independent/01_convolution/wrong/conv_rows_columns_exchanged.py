"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Writes the value of window (i, j) to y[:, j, i], taking the first index for the horizontal one.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, j, i] = xp[win].reshape(g.N, -1) @ flat_filters(w) + b
    return y
