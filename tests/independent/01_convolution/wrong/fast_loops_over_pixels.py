"""Based on: slices
Kind: single
Function: conv2d_fast
Mistake: Removes only the loop over images and filters and still loops in Python over all output pixels, believing that einsum alone makes it fast.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, c_in, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    y = np.zeros((N, oh, ow, c_out))
    for i in range(oh):
        for j in range(ow):
            y[:, i, j] = np.einsum("nabc,abcf->nf", x[:, i * sh : i * sh + kh, j * sw : j * sw + kw], w) + b
    return y
