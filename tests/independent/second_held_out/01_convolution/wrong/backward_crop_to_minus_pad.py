"""Based on: beginner
Kind: single
Function: conv2d_backward
Mistake: The padding is cropped from dx with [top:-bottom, left:-right], which is empty where nothing was padded.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    sh, sw = stride
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, sh), same_padding(W, KW, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                r = i * sh
                c = j * sw
                for f in range(F):
                    g = dy[n, i, j, f]
                    dxp[n, r : r + KH, c : c + KW] += g * w[:, :, :, f]
                    dw[:, :, :, f] += g * xp[n, r : r + KH, c : c + KW]
                    db[f] += g
    # cut the zeros off again
    (top, bottom), (left, right) = pads
    dx = dxp[:, top:-bottom, left:-right, :]
    return dx, dw, db
