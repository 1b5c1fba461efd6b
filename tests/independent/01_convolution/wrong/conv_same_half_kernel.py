"""Based on: slices
Kind: single
Function: conv2d
Mistake: Pads k // 2 zeros on both sides for "same", a rule that holds only for odd kernels at stride 1.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    if padding == "same":
        ph, pw = kh // 2, kw // 2
    elif padding == "valid":
        ph, pw = 0, 0
    else:
        ph = pw = padding
    xp = pad2d(x, ((ph, ph), (pw, pw)))
    oh = max(0, (xp.shape[1] - kh) // sh + 1)
    ow = max(0, (xp.shape[2] - kw) // sw + 1)
    y = np.zeros((x.shape[0], oh, ow, c_out))
    for n in range(x.shape[0]):
        for i in range(oh):
            for j in range(ow):
                y[n, i, j] = conv2d_step(xp[n, i * sh : i * sh + kh, j * sw : j * sw + kw], w, b)
    return y
