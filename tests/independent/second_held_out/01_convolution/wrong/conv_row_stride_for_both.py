"""Based on: slices
Kind: single
Function: conv2d
Mistake: Of a pair of strides only the one for rows is used, for columns too.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    # make it a number if it is a pair
    s = stride if isinstance(stride, int) else stride[0]
    k1, k2 = w.shape[0], w.shape[1]
    if padding == "same":
        p = (same_padding(x.shape[1], k1, s), same_padding(x.shape[2], k2, s))
    elif padding == "valid":
        p = ((0, 0), (0, 0))
    else:
        p = ((padding, padding), (padding, padding))
    xx = pad2d(x, p)
    rows = range(0, xx.shape[1] - k1 + 1, s)
    cols = range(0, xx.shape[2] - k2 + 1, s)
    y = np.zeros((x.shape[0], len(rows), len(cols), w.shape[3]))
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            for n in range(x.shape[0]):
                y[n, i, j] = conv2d_step(xx[n, r : r + k1, c : c + k2], w, b)
    return y
