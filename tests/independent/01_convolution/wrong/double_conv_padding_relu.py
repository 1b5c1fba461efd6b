"""Based on: slices
Kind: double
Function: conv2d
Mistake: Pads a number only once per axis, at the top and left; and cuts negative results to zero.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, 0), (padding, 0)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    y = np.zeros((N, oh, ow, c_out))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                patch = x[n, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                y[n, i, j] = np.maximum(0, conv2d_step(patch, w, b))
    return y
