"""Based on: slices
Kind: single
Function: conv2d
Mistake: The number of columns of the output is computed from the rows.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    kh, kw, _, f = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(x.shape[1], kh, sh), same_padding(x.shape[2], kw, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    oh = (xp.shape[1] - kh) // sh + 1
    ow = (xp.shape[1] - kw) // sw + 1
    y = np.zeros((x.shape[0], oh, ow, f))
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = np.tensordot(patch, w, axes=([1, 2, 3], [0, 1, 2])) + b
    return y
