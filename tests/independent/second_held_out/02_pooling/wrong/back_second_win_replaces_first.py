"""Based on: helpers
Kind: single
Function: max_pool2d_backward
Mistake: A pixel that wins in two windows keeps only the gradient of the second one.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    rows, cols = make_axes(x, size, stride, padding)
    dx = np.zeros(x.shape)
    for i, j in positions(rows, cols):
        area = dx[:, rows.span(i), cols.span(j)]
        won = winners(x[:, rows.span(i), cols.span(j)])
        gradient = np.broadcast_to(dy[:, i, j][:, None, None, :], area.shape)
        area[won] = gradient[won]
    return dx
