"""Based on: slices
Kind: single
Function: conv2d_backward
Mistake: keepdims leaves db in the shape (1, 1, 1, C_out).
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    KH, KW = w.shape[0], w.shape[1]
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = tuple(same_padding(x.shape[a + 1], w.shape[a], stride[a]) for a in (0, 1))
    else:
        pads = ((padding,) * 2,) * 2
    xp = pad2d(x, pads)
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            r, c = i * stride[0], j * stride[1]
            dout = dy[:, i, j, :]
            dw += (xp[:, r : r + KH, c : c + KW, :, None] * dout[:, None, None, None, :]).sum(axis=0)
            dxp[:, r : r + KH, c : c + KW] += (w[None] * dout[:, None, None, None, :]).sum(axis=-1)
    db = np.sum(dy, axis=(0, 1, 2), keepdims=True)
    (top, _), (left, _) = pads
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2]]
    return dx, dw, db
