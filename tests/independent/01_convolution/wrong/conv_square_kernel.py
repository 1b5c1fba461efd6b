"""Based on: slices
Kind: single
Function: conv2d
Mistake: Reads one kernel size from w and uses it for rows and columns.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    k = w.shape[0]
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, k, sh), same_padding(W, k, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - k) // sh + 1)
    ow = max(0, (x.shape[2] - k) // sw + 1)
    y = np.zeros((N, oh, ow, w.shape[3]))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                patch = x[n, i * sh : i * sh + k, j * sw : j * sw + k, :]
                y[n, i, j] = conv2d_step(patch, w, b)
    return y
