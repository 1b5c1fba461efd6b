"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Turns the kernel around when it sends the gradient to the image, because the backward pass is said to use the flipped kernel.
"""


def grad_input(g, xp, dy, w):
    dxp = np.zeros(xp.shape)
    turned = flat_filters(np.ascontiguousarray(w[::-1, ::-1]))
    for i, j, win in g.windows():
        dxp[win] += (dy[:, i, j] @ turned.T).reshape(g.N, g.KH, g.KW, g.C)
    return g.crop(dxp)
