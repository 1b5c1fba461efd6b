import numpy as np


def dense_params(n_in, n_out, bias=True):
    return (n_in + int(bias)) * n_out


def conv_params(kernel_size, c_in, c_out, bias=True):
    k = np.broadcast_to(kernel_size, 2)
    return int((np.prod(k) * c_in + bool(bias)) * c_out)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    n = np.asarray(hw)
    k = np.broadcast_to(kernel_size, 2)
    s = np.broadcast_to(stride, 2)
    if padding == "same":
        out = -(-n // s)
    else:
        p = 0 if padding == "valid" else padding
        out = np.maximum((n + 2 * p - k) // s + 1, 0)
    return tuple(out.tolist())


def shift2d(x, dy, dx):
    x = np.asarray(x)
    rows, cols = (0, 1) if x.ndim < 4 else (1, 2)
    out = np.roll(x, (dy, dx), axis=(rows, cols))
    r = np.arange(x.shape[rows]) - dy
    c = np.arange(x.shape[cols]) - dx
    keep = ((r >= 0) & (r < x.shape[rows]))[:, None] & ((c >= 0) & (c < x.shape[cols]))
    if x.ndim > 2:
        keep = keep[:, :, None]
    return np.where(keep, out, 0).astype(x.dtype)


def equivariance_gap(f, x, dy, dx):
    before = np.asarray(f(shift2d(x, dy, dx))).astype(float)
    after = shift2d(np.asarray(f(x)).astype(float), dy, dx)
    return float(np.abs(before - after).max())
