"""Based on: helpers
Kind: single
Function: avg_pool2d
Mistake: The mean runs over the images of the batch too, so all images get the same map.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    rows, cols = make_axes(x, size, stride, padding)
    y = np.zeros((x.shape[0], rows.out, cols.out, x.shape[3]))
    for i, j in positions(rows, cols):
        # one mean per channel
        y[:, i, j] = x[:, rows.span(i), cols.span(j)].mean(axis=(0, 1, 2))
    return y
