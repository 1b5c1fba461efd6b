"""Based on: arrays
Kind: single
Function: conv2d_backward
Mistake: The kernel is flipped when dy is sent back to the pixels.
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
        dw = np.einsum("nijcab,nijf->abcf", win, dy)
        for a, c in np.ndindex(kh, kw):
            dxp[:, a : a + oh * s[0] : s[0], c : c + ow * s[1] : s[1]][:, :oh, :ow] += np.tensordot(
                dy, w[kh - 1 - a, kw - 1 - c], axes=(3, 1)
            )
    db = np.einsum("nijf->f", dy)
    (top, _), (left, _) = pads
    dx = dxp[:, top : top + x.shape[1], left : left + x.shape[2]]
    return dx, dw, db
