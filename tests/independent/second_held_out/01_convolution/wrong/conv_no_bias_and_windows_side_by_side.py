"""Based on: beginner
Kind: double
Function: conv2d
Mistake: The windows start at i and j and not at i * stride; and the bias is never added.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    KH, KW, _, F = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(x.shape[1], KH, sh), same_padding(x.shape[2], KW, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    x = pad2d(x, pads)
    OH = (x.shape[1] - KH) // sh + 1
    OW = (x.shape[2] - KW) // sw + 1
    y = np.zeros((x.shape[0], OH, OW, F))
    for n in range(x.shape[0]):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    y[n, i, j, f] = np.sum(x[n, i : i + KH, j : j + KW] * w[:, :, :, f])
    return y
