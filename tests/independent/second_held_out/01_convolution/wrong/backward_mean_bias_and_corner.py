"""Based on: slices
Kind: double
Function: conv2d_backward
Mistake: db is the mean of dy; and dx is cropped from the top left corner, where the padding is.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    kh, kw, _, _ = w.shape
    h, v = x.shape[1:3]
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(h, kh, sh), same_padding(v, kw, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rs = slice(i * sh, i * sh + kh)
            cs = slice(j * sw, j * sw + kw)
            dw += np.tensordot(xp[:, rs, cs], dy[:, i, j], axes=(0, 0))
            dxp[:, rs, cs] += np.tensordot(dy[:, i, j], w, axes=(1, 3))
    db = dy.mean(axis=(0, 1, 2))
    dx = dxp[:, :h, :v]  # same size as x
    return dx, dw, db
