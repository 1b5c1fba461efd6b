"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Makes the output with the dtype of x, so the result for an image of integers is cut to whole numbers.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F), dtype=x.dtype)
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w) + b
    return y
