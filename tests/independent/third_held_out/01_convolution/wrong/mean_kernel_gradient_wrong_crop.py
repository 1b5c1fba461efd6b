"""Based on: arrays
Kind: double
Function: conv2d_backward
Mistake: dw is divided by the number of images, and dx is cropped by the zeros at the bottom and at the right.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


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
        dw = np.einsum("nijcab,nijf->abcf", win, dy) / len(x)
        for a, c in np.ndindex(kh, kw):
            dxp[:, a : a + oh * s[0] : s[0], c : c + ow * s[1] : s[1]][:, :oh, :ow] += np.tensordot(
                dy, w[a, c], axes=(3, 1)
            )
    db = np.einsum("nijf->f", dy)
    (_, bottom), (_, right) = pads
    dx = dxp[:, bottom : bottom + x.shape[1], right : right + x.shape[2]]
    return dx, dw, db
