"""Based on: arrays
Kind: single
Function: conv2d_backward
Mistake: Takes the mean of dy over images and positions for the bias, instead of the sum.
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
        for a, c in np.ndindex(kh, kw):
            dxp[:, a : a + oh * s[0] : s[0], c : c + ow * s[1] : s[1]][:, :oh, :ow] += np.tensordot(
                dy, w[a, c], axes=(3, 1)
            )
    db = dy.mean(axis=(0, 1, 2))
    (top, _), (left, _) = pads
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2]]
    return dx, dw, db
