"""Based on: helpers
Kind: single
Function: avg_pool2d
Mistake: With valid a window that starts inside the picture also counts if it sticks out at the end; the slice is cut short without an error.
"""


def pool_everywhere(x, size, stride, padding, reduce):
    rows, cols = make_axes(x, size, stride, padding)
    starts_down = range(-rows.before, rows.n + rows.before, rows.s)
    starts_right = range(-cols.before, cols.n + cols.before, cols.s)
    if padding == "same":
        starts_down = starts_down[: rows.out]
        starts_right = starts_right[: cols.out]
    y = np.zeros((x.shape[0], len(starts_down), len(starts_right), x.shape[3]))
    for i in range(len(starts_down)):
        for j in range(len(starts_right)):
            y[:, i, j] = reduce(x[:, rows.span(i), cols.span(j)])
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return pool_everywhere(x, size, stride, padding, average)
