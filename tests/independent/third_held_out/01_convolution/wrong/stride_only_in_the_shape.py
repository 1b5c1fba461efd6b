"""Based on: slices
Kind: single
Function: conv2d
Mistake: The stride gives the size of the output, but the windows move on by a single pixel.
"""

import numpy as np


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    oh = max(0, (x.shape[1] - kh) // sh + 1)
    ow = max(0, (x.shape[2] - kw) // sw + 1)
    y = np.zeros((N, oh, ow, c_out))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                patch = x[n, i : i + kh, j : j + kw, :]
                y[n, i, j] = conv2d_step(patch, w, b)
    return y
