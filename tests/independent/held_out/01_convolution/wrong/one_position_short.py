"""Based on: slices
Kind: single
Function: conv2d
Mistake: Leaves out the + 1 of the formula: the last row and the last column of the output are missing.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh)
    ow = max(0, (x.shape[2] - kw) // sw)
    y = np.zeros((N, oh, ow, c_out))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                patch = x[n, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                y[n, i, j] = conv2d_step(patch, w, b)
    return y
