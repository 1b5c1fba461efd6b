import math


def dense_params(n_in, n_out, bias=True):
    total = 0
    for _ in range(n_out):
        total += n_in
        if bias:
            total += 1
    return total


def conv_params(kernel_size, c_in, c_out, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    one = kernel_size[0] * kernel_size[1] * c_in
    if bias:
        one += 1
    return one * c_out


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    h, w = hw
    if padding == "same":
        return math.ceil(h / sh), math.ceil(w / sw)
    if padding == "valid":
        padding = 0
    return (h + 2 * padding - kh) // sh + 1, (w + 2 * padding - kw) // sw + 1


def shift2d(x, dy, dx):
    y = x * 0
    h = x.shape[0] if x.ndim == 2 else x.shape[-3]
    w = x.shape[1] if x.ndim == 2 else x.shape[-2]
    for i in range(h):
        for j in range(w):
            a, b = i - dy, j - dx
            if 0 <= a < h and 0 <= b < w:
                if x.ndim == 2:
                    y[i, j] = x[a, b]
                else:
                    y[..., i, j, :] = x[..., a, b, :]
    return y


def equivariance_gap(f, x, dy, dx):
    one = f(shift2d(x, dy, dx)).ravel().tolist()
    two = shift2d(f(x), dy, dx).ravel().tolist()
    return max(abs(a - b) for a, b in zip(one, two))
