import numpy as np


def as_pair(value):
    """Turn an int into a pair."""
    if isinstance(value, (tuple, list)):
        return tuple(value)
    return (value, value)


def weights_per_unit(n_inputs, bias):
    return n_inputs + 1 if bias else n_inputs


def dense_params(n_in, n_out, bias=True):
    return n_out * weights_per_unit(n_in, bias)


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = as_pair(kernel_size)
    return c_out * weights_per_unit(kh * kw * c_in, bias)


def axis_positions(n, k, s, padding):
    if padding == "same":
        return int(np.ceil(n / s))
    if padding != "valid":
        n = n + 2 * padding
    return max((n - k) // s + 1, 0)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    ks = as_pair(kernel_size)
    ss = as_pair(stride)
    return tuple(axis_positions(n, k, s, padding) for n, k, s in zip(hw, ks, ss))


def image_axes(x):
    return (1, 2) if np.ndim(x) == 4 else (0, 1)


def shift_axis(x, by, axis):
    n = x.shape[axis]
    out = np.zeros_like(x)
    if abs(by) >= n:
        return out
    src = [slice(None)] * x.ndim
    dst = [slice(None)] * x.ndim
    if by >= 0:
        src[axis] = slice(0, n - by)
        dst[axis] = slice(by, n)
    else:
        src[axis] = slice(-by, n)
        dst[axis] = slice(0, n + by)
    out[tuple(dst)] = x[tuple(src)]
    return out


def shift2d(x, dy, dx):
    x = np.asarray(x)
    rows, cols = image_axes(x)
    return shift_axis(shift_axis(x, dy, rows), dx, cols)


def largest_difference(a, b):
    return float(np.max(np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))))


def equivariance_gap(f, x, dy, dx):
    return largest_difference(f(shift2d(x, dy, dx)), shift2d(f(x), dy, dx))
