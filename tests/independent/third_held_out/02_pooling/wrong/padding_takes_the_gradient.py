"""Based on: slices
Kind: single
Function: max_pool2d_backward
Mistake: The padding is filled with zeros, so it takes the gradient of a border window whose pixels are all negative.
"""

import numpy as np


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)))
    dxp = np.zeros(xp.shape)
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            flat = window.reshape(n, kh * kw, c)
            won = np.arange(kh * kw)[None, :, None] == flat.argmax(axis=1)[:, None, :]
            share = won * dy[:, i, j, :][:, None, :]
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] += share.reshape(n, kh, kw, c)
    return dxp[:, top : top + h, left : left + w, :]
