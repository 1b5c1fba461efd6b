import math

import numpy as np


def dense_params(n_in, n_out, bias=True):
    return n_in * n_out + (n_out if bias else 0)


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    one_filter = kh * kw * c_in
    if bias:
        one_filter += 1
    return one_filter * c_out


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    H, W = hw
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    if padding == "same":
        return math.ceil(H / sh), math.ceil(W / sw)
    p = 0 if padding == "valid" else padding
    oh = (H + 2 * p - kh) // sh + 1
    ow = (W + 2 * p - kw) // sw + 1
    return max(oh, 0), max(ow, 0)


def shift2d(x, dy, dx):
    x = np.asarray(x)
    if x.ndim == 2:
        return shift2d(x[None, :, :, None], dy, dx)[0, :, :, 0]
    if x.ndim == 3:
        return shift2d(x[None], dy, dx)[0]
    H, W = x.shape[1:3]
    out = np.zeros_like(x)
    if abs(dy) >= H or abs(dx) >= W:
        return out
    out[:, max(dy, 0) : H + min(dy, 0), max(dx, 0) : W + min(dx, 0)] = x[
        :, max(-dy, 0) : H + min(-dy, 0), max(-dx, 0) : W + min(-dx, 0)
    ]
    return out


def equivariance_gap(f, x, dy, dx):
    a = f(shift2d(x, dy, dx))
    b = shift2d(f(x), dy, dx)
    return float(np.max(np.abs(np.subtract(a, b, dtype=float))))
