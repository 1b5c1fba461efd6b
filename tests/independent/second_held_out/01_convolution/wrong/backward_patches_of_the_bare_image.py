"""Based on: helpers
Kind: single
Function: conv2d_backward
Mistake: dw takes its patches from x and not from the padded x.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    dw = np.zeros(w.shape)
    for i, j, win in g.windows():
        seen = x[win]
        # the window may be cut off at the end
        a, c = seen.shape[1:3]
        dw[:a, :c] += np.einsum("nabc,nf->abcf", seen, dy[:, i, j])
    return grad_input(g, xp, dy, w), dw, grad_bias(dy)
