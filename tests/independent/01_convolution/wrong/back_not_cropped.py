"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Returns the gradient of the padded image and forgets to cut the zeros off.
"""


def grad_input(g, xp, dy, w):
    dxp = np.zeros(xp.shape)
    for i, j, win in g.windows():
        dxp[win] += (dy[:, i, j] @ flat_filters(w).T).reshape(g.N, g.KH, g.KW, g.C)
    return dxp
