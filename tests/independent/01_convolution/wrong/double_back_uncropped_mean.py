"""Based on: helpers
Kind: double
Function: conv2d_backward
Mistake: Leaves the padding in dx; and takes the mean over positions and images for the bias.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i, j, win in g.windows():
        d = dy[:, i, j]
        dxp[win] += np.tensordot(d, w, axes=(1, 3))
        dw += np.tensordot(xp[win], d, axes=(0, 0))
    return dxp, dw, dy.mean(axis=(0, 1, 2))
