"""Based on: helpers
Kind: odd
Function: max_pool2d_backward
Mistake: The winner is searched by its value in the whole map, so an equal pixel outside of the window may get the gradient.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    rows, cols = make_axes(x, size, stride, padding)
    y = max_pool2d(x, size, stride, padding)
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[3]):
            for i, j in positions(rows, cols):
                found = np.argwhere(x[n, :, :, c] == y[n, i, j, c])[0]
                dx[n, found[0], found[1], c] += dy[n, i, j, c]
    return dx
