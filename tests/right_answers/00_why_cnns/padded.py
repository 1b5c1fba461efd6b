import numpy as np


def dense_params(n_in, n_out, bias=True):
    return (n_in + bool(bias)) * n_out


def conv_params(kernel_size, c_in, c_out, bias=True):
    kernel = np.broadcast_to(kernel_size, 2)
    return int(np.prod(kernel)) * c_in * c_out + (c_out if bias else 0)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    n, k, s = np.array(hw), np.broadcast_to(kernel_size, 2), np.broadcast_to(stride, 2)
    if padding == "same":
        return tuple((n + s - 1) // s)
    p = 0 if padding == "valid" else padding
    return tuple((n + 2 * p - k) // s + 1)


def shift2d(x, dy, dx):
    axes = (0, 1) if x.ndim == 2 else (x.ndim - 3, x.ndim - 2)
    for axis, d in zip(axes, (dy, dx)):
        n = x.shape[axis]
        pads = [(0, 0)] * x.ndim
        pads[axis] = (max(d, 0), max(-d, 0))
        start = max(-d, 0)
        x = np.take(np.pad(x, pads), range(start, start + n), axis)
    return x


def equivariance_gap(f, x, dy, dx):
    return np.max(np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)))
