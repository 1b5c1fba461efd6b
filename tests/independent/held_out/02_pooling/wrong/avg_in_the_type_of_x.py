"""Based on: helpers
Kind: single
Function: avg_pool2d
Mistake: The output has the type of x: for an image of whole numbers the means lose their fractions.
"""


def pool(x, size, stride, padding, reduce):
    rows, cols = make_axes(x, size, stride, padding)
    y = np.zeros((x.shape[0], rows.out, cols.out, x.shape[3]), dtype=x.dtype)
    for i, j in positions(rows, cols):
        y[:, i, j] = reduce(x[:, rows.span(i), cols.span(j)])
    return y
