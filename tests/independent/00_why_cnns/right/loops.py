import numpy as np


def dense_params(n_in, n_out, bias=True):
    count = 0
    for _ in range(n_out):
        count += n_in
        if bias:
            count += 1
    return count


def conv_params(kernel_size, c_in, c_out, bias=True):
    if isinstance(kernel_size, int):
        kh = kernel_size
        kw = kernel_size
    else:
        kh, kw = kernel_size
    total = kh * kw * c_in * c_out
    if bias:
        total += c_out
    return total


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if isinstance(stride, int):
        stride = (stride, stride)
    out = []
    for axis in range(2):
        n = hw[axis]
        k = kernel_size[axis]
        s = stride[axis]
        if padding == "same":
            out.append((n + s - 1) // s)
            continue
        p = 0 if padding == "valid" else padding
        count = 0
        start = 0
        while start + k <= n + 2 * p:
            count += 1
            start += s
        out.append(count)
    return tuple(out)


def shift2d(x, dy, dx):
    x = np.asarray(x)
    out = np.zeros_like(x)
    if x.ndim == 4:
        for n in range(x.shape[0]):
            out[n] = shift2d(x[n], dy, dx)
        return out
    H = x.shape[0]
    W = x.shape[1]
    for i in range(H):
        for j in range(W):
            a = i - dy
            b = j - dx
            if a >= 0 and a < H and b >= 0 and b < W:
                out[i, j] = x[a, b]
    return out


def equivariance_gap(f, x, dy, dx):
    first = np.asarray(f(shift2d(x, dy, dx)), dtype=float)
    second = np.asarray(shift2d(f(x), dy, dx), dtype=float)
    biggest = 0.0
    for u, v in zip(first.ravel(), second.ravel()):
        if abs(u - v) > biggest:
            biggest = abs(u - v)
    return float(biggest)
