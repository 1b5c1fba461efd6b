"""Based on: slices
Kind: single
Function: conv2d_backward
Mistake: dx is assigned in each window and not added, so the last window that sees a pixel wins.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    kh, kw = w.shape[:2]
    _, h, wid, _ = x.shape
    if padding == "valid":
        (t, bo), (l, r) = (0, 0), (0, 0)
    elif padding == "same":
        (t, bo), (l, r) = same_padding(h, kh, sh), same_padding(wid, kw, sw)
    else:
        t = bo = l = r = padding
    xp = pad2d(x, ((t, bo), (l, r)))
    dxp = np.zeros_like(xp, dtype=float)
    dw = np.zeros_like(w, dtype=float)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            win = (slice(None), slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw))
            g = dy[:, i, j]
            dxp[win] = np.einsum("nf,abcf->nabc", g, w)
            dw += np.einsum("nabc,nf->abcf", xp[win], g)
    return dxp[:, t : t + h, l : l + wid], dw, dy.sum(axis=(0, 1, 2))
