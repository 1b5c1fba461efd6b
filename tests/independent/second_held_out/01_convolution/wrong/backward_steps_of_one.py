"""Based on: arrays
Kind: single
Function: conv2d_backward
Mistake: The windows of the backward pass move by one pixel whatever the stride is.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    pads = _pads(x, w, s, padding)
    xp = pad2d(x, pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    kh, kw = w.shape[:2]
    for i, j in np.ndindex(*dy.shape[1:3]):
        g = dy[:, i, j, :]
        patch = xp[:, i : i + kh, j : j + kw, :]
        dw += np.tensordot(patch, g, axes=(0, 0))
        dxp[:, i : i + kh, j : j + kw, :] += np.tensordot(g, w, axes=(1, 3))
    top, left = pads[0][0], pads[1][0]
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2], :]
    return dx, dw, np.einsum("nijf->f", dy)
