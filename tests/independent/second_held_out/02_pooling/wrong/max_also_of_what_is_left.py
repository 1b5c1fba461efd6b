"""Based on: helpers
Kind: single
Function: max_pool2d
Mistake: Unless the padding is "same", the number of windows is rounded up, and the last window may be cut off by the border.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    rows, cols = make_axes(x, size, stride, padding)
    # do not lose the last pixels
    for axis in (rows, cols):
        if padding != "same":
            axis.out = ceil_div(axis.n + 2 * axis.before - axis.k, axis.s) + 1
    y = np.full((x.shape[0], rows.out, cols.out, x.shape[3]), -np.inf)
    for i, j in positions(rows, cols):
        patch = x[:, rows.span(i), cols.span(j)]
        if patch.shape[1] > 0 and patch.shape[2] > 0:
            y[:, i, j] = largest(patch)
    return y
