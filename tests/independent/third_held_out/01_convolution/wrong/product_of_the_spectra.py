"""Based on: arrays
Kind: single
Function: conv2d_fast
Mistake: The product of the two Fourier transforms is a convolution with a flipped kernel.
"""

import numpy as np


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    size = xp.shape[1:3]
    fx = np.fft.rfft2(xp, s=size, axes=(1, 2))
    fw = np.fft.rfft2(w, s=size, axes=(0, 1))
    full = np.fft.irfft2(np.einsum("nijc,ijcf->nijf", fx, fw), s=size, axes=(1, 2))
    return full[:, w.shape[0] - 1 :: s[0], w.shape[1] - 1 :: s[1]] + b
