"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Never adds the bias, since the picture in the text shows only the kernel.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w)
    return y
