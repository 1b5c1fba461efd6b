"""Based on: loops
Kind: double
Function: conv2d_backward
Mistake: dw is divided by the number of images; and the padding is never cropped from dx.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, stride[0]), same_padding(W, KW, stride[1]))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    dx = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(F):
                    d = dy[n, i, j, f]
                    db[f] += d
                    for a in range(KH):
                        for c in range(KW):
                            dx[n, i * stride[0] + a, j * stride[1] + c] += d * w[a, c, :, f]
                            dw[a, c, :, f] += d * xp[n, i * stride[0] + a, j * stride[1] + c]
    dw /= N
    return dx, dw, db
