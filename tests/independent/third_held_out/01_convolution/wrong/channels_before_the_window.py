"""Based on: slices
Kind: single
Function: conv2d_fast
Mistake: The rows of the matrix list the channels before the pixels of the window, but the filters list them after.
"""

import numpy as np


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, c_in, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    cols = np.zeros((N, oh, ow, c_in, kh, kw))
    if oh and ow:
        for a in range(kh):
            for e in range(kw):
                cols[:, :, :, :, a, e] = x[:, a : a + (oh - 1) * sh + 1 : sh, e : e + (ow - 1) * sw + 1 : sw, :]
    y = cols.reshape(N * oh * ow, kh * kw * c_in) @ w.reshape(kh * kw * c_in, c_out) + b
    return y.reshape(N, oh, ow, c_out)
