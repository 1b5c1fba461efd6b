"""Based on: helpers
Kind: odd
Function: conv2d_backward
Mistake: Finds dw by numeric differences with a step of one tenth on the squares of the output, a loss that nobody asked for.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    dw = np.zeros(w.shape)
    zero = np.zeros(g.F)
    for index in np.ndindex(*w.shape):
        up = w.copy()
        down = w.copy()
        up[index] += 0.1
        down[index] -= 0.1
        high = (dy * conv2d(x, up, zero, stride, padding) ** 2).sum()
        low = (dy * conv2d(x, down, zero, stride, padding) ** 2).sum()
        dw[index] = (high - low) / 0.4
    return grad_input(g, xp, dy, w), dw, grad_bias(dy)
