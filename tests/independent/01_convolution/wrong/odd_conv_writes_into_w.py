"""Based on: helpers
Kind: odd
Function: conv2d
Mistake: Divides the kernels by their number in place before the loop and multiplies the result afterwards, so w is changed for the caller.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    filters = flat_filters(w)
    filters /= g.F
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = (xp[win].reshape(g.N, -1) @ filters) * g.F + b
    return y
