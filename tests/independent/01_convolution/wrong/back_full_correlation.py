"""Based on: arrays
Kind: single
Function: conv2d_backward
Mistake: Computes dx as a convolution of the padded dy with the flipped kernel, a formula that holds only for stride 1, since no zeros are put between the gradients.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    pads = _pads(x, w, s, padding)
    xp = pad2d(x, pads)
    kh, kw = w.shape[:2]
    oh, ow = dy.shape[1:3]
    dw = np.zeros_like(w)
    dxp = np.zeros(xp.shape)
    if oh and ow:
        win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
        dw = np.einsum("nijcab,nijf->abcf", win, dy)
        dyp = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
        win = sliding_window_view(dyp, (kh, kw), axis=(1, 2))
        full = np.einsum("nijfab,abcf->nijc", win, w[::-1, ::-1])
        dxp[:, : full.shape[1], : full.shape[2]] = full
    db = np.einsum("nijf->f", dy)
    (top, _), (left, _) = pads
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2]]
    return dx, dw, db
