"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Cuts negative results to zero, because a convolutional layer is always seen together with its ReLU.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w) + b
    return np.maximum(y, 0)
