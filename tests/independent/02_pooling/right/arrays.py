import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _pads(shape, k, s, padding):
    hw = np.array(shape[1:3])
    if padding == "valid":
        lo = hi = np.zeros(2, int)
    elif padding == "same":
        total = np.maximum((-(-hw // s) - 1) * s + k - hw, 0)
        lo, hi = total // 2, total - total // 2
    else:
        lo = hi = np.full(2, padding)
    return lo, hi


def _ks(size, stride):
    k = np.broadcast_to(size, 2)
    s = k if stride is None else np.broadcast_to(stride, 2)
    return k, s


def _windows(x, k, s, lo, hi, fill):
    xp = np.pad(x.astype(float), ((0, 0), (lo[0], hi[0]), (lo[1], hi[1]), (0, 0)), constant_values=fill)
    if (k > xp.shape[1:3]).any():
        oh, ow = np.maximum((np.array(xp.shape[1:3]) - k) // s + 1, 0)
        return np.empty((x.shape[0], oh, ow, x.shape[3], k[0], k[1]))
    return sliding_window_view(xp, tuple(k), axis=(1, 2))[:, :: s[0], :: s[1]]


def max_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    return _windows(x, k, s, lo, hi, -np.inf).max(axis=(4, 5))


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    total = _windows(x, k, s, lo, hi, 0).sum(axis=(4, 5))
    count = _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    return total / count


def global_avg_pool2d(x):
    return np.einsum("nhwc->nc", x) / (x.shape[1] * x.shape[2])


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    win = _windows(x, k, s, lo, hi, -np.inf)
    best = win.reshape(*win.shape[:4], k[0] * k[1]).argmax(axis=-1)
    n, i, j, c = np.indices(best.shape)
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    np.add.at(dx, (n, i * s[0] + best // k[1], j * s[1] + best % k[1], c), dy)
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    g = dy / _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    oh, ow = dy.shape[1:3]
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    for a in range(k[0]):
        for b in range(k[1]):
            dx[:, a : a + s[0] * oh : s[0], b : b + s[1] * ow : s[1]][:, :oh, :ow] += g
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
