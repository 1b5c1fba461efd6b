"""Based on: helpers
Kind: odd
Function: conv2d
Mistake: Spreads the biases over the columns of the output, repeating them when there are more columns than filters.
"""


def bias_map(b, g):
    return np.resize(b, (g.OH, g.OW))


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w) + bias_map(b, g)[i, j]
    return y
