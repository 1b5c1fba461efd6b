"""Based on: helpers
Kind: double
Function: conv2d
Mistake: Never pads the image; and never adds the bias.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, "valid")
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = x[win].reshape(g.N, -1) @ flat_filters(w)
    return y
