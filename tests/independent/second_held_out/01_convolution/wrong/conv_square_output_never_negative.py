"""Based on: helpers
Kind: double
Function: conv2d
Mistake: The output has as many columns as rows; and negative sums are set to zero, as by ReLU.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OH, g.F))
    for i in range(g.OH):
        for j in range(g.OH):
            y[:, i, j] = np.tensordot(xp[g.window(i, j)], w, axes=3) + b
    return np.maximum(0, y)
