"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: Turns dw around before it is returned, because somewhere in the backward pass something must be flipped.
"""


def grad_weights(g, xp, dy, w):
    dw = np.zeros(flat_filters(w).shape)
    for i, j, win in g.windows():
        dw += xp[win].reshape(g.N, -1).T @ dy[:, i, j]
    return np.flip(dw.reshape(w.shape), axis=(0, 1))
