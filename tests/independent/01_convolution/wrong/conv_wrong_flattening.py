"""Based on: helpers
Kind: single
Function: conv2d
Mistake: Reshapes the kernels to (C_out, -1) and transposes, believing that reshape moves the last axis to the front.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    rows = w.reshape(g.F, -1)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ rows.T + b
    return y
