import numpy as np


def dense_params(n_in, n_out, bias=True):
    return n_in * n_out + int(bias) * n_out


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    return c_out * (kh * kw * c_in) + (c_out if bias else 0)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    k = kernel_size if isinstance(kernel_size, (tuple, list)) else [kernel_size] * 2
    s = stride if isinstance(stride, (tuple, list)) else [stride] * 2
    if padding == "same":
        total = [max((-(-n // t) - 1) * t + m - n, 0) for n, m, t in zip(hw, k, s)]
    elif padding == "valid":
        total = [0, 0]
    else:
        total = [2 * padding] * 2
    return tuple((n + t - m) // u + 1 for n, t, m, u in zip(hw, total, k, s))


def shift2d(x, dy, dx):
    if x.ndim == 2:
        return np.eye(x.shape[0], k=-dy) @ x @ np.eye(x.shape[1], k=dx)
    down, right = np.eye(x.shape[-3], k=-dy), np.eye(x.shape[-2], k=dx)
    return np.einsum("ih,...hwc,wj->...ijc", down, x, right)


def equivariance_gap(f, x, dy, dx):
    d = f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)
    return max(d.max(), -d.min())
