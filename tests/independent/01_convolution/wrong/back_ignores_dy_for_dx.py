"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Adds the plain kernels to dx at every window without multiplying by dy, as in the example by hand where dy is all ones.
"""


def grad_input(g, xp, dy, w):
    dxp = np.zeros(xp.shape)
    for _, _, win in g.windows():
        dxp[win] += w.sum(axis=-1)
    return g.crop(dxp)
