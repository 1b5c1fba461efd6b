"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Divides dw by the number of images, as for a mean loss.
"""


def grad_weights(g, xp, dy, w):
    dw = np.zeros(flat_filters(w).shape)
    for i, j, win in g.windows():
        dw += xp[win].reshape(g.N, -1).T @ dy[:, i, j]
    return dw.reshape(w.shape) / g.N
