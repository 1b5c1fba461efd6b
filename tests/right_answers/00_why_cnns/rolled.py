import numpy as np


def dense_params(n_in, n_out, bias=True):
    weights = np.zeros((n_in, 1)).size * n_out
    return float(weights + n_out * bias)


def conv_params(kernel_size, c_in, c_out, bias=True):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    return [kh * kw * c_in * c_out, kh * kw * c_in * c_out + c_out][bool(bias)]


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    def pair(v):
        return (v, v) if np.isscalar(v) else v

    out = []
    for n, k, s in zip(hw, pair(kernel_size), pair(stride)):
        if padding == "same":
            out.append(len(range(0, n, s)))
        else:
            p = {"valid": 0}.get(padding, padding)
            out.append(len(range(0, n + 2 * p - k + 1, s)))
    return out


def shift2d(x, dy, dx):
    a = 0 if x.ndim == 2 else x.ndim - 3
    y = np.roll(np.roll(x, dy, a), dx, a + 1)
    z = np.moveaxis(y, (a, a + 1), (0, 1)).copy()
    h, w = z.shape[:2]
    if dy > 0:
        z[: min(dy, h)] = 0
    elif dy < 0:
        z[max(h + dy, 0) :] = 0
    if dx > 0:
        z[:, : min(dx, w)] = 0
    elif dx < 0:
        z[:, max(w + dx, 0) :] = 0
    return np.moveaxis(z, (0, 1), (a, a + 1))


def equivariance_gap(f, x, dy, dx):
    return np.linalg.norm((f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).ravel(), np.inf)
