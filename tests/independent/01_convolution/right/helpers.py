import numpy as np


def pair(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)


def ceil_div(a, b):
    return (a + b - 1) // b


def same_padding(n, k, s):
    needed = (ceil_div(n, s) - 1) * s + k
    total = max(needed - n, 0)
    return total // 2, total - total // 2


def pad2d(x, pads):
    return np.pad(x, ((0, 0), pads[0], pads[1], (0, 0)), mode="constant")


class Geometry:
    """All sizes of one convolution."""

    def __init__(self, x_shape, w_shape, stride, padding):
        self.N, self.H, self.W, self.C = x_shape
        self.KH, self.KW, _, self.F = w_shape
        self.SH, self.SW = pair(stride)
        self.pads = self.find_pads(padding)
        self.OH = self.positions(self.H + sum(self.pads[0]), self.KH, self.SH)
        self.OW = self.positions(self.W + sum(self.pads[1]), self.KW, self.SW)

    def find_pads(self, padding):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding == "same":
            return same_padding(self.H, self.KH, self.SH), same_padding(self.W, self.KW, self.SW)
        return pair(padding), pair(padding)

    @staticmethod
    def positions(n, k, s):
        return max((n - k) // s + 1, 0)

    def windows(self):
        for i in range(self.OH):
            for j in range(self.OW):
                yield i, j, self.window(i, j)

    def window(self, i, j):
        r = i * self.SH
        c = j * self.SW
        return (slice(None), slice(r, r + self.KH), slice(c, c + self.KW))

    def crop(self, padded):
        top = self.pads[0][0]
        left = self.pads[1][0]
        return padded[:, top : top + self.H, left : left + self.W]


def flat_filters(w):
    return w.reshape(-1, w.shape[-1])


def conv2d_step(patch, w, b):
    return patch.reshape(-1) @ flat_filters(w) + b


def conv2d(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    y = np.zeros((g.N, g.OH, g.OW, g.F))
    for i, j, win in g.windows():
        y[:, i, j] = xp[win].reshape(g.N, -1) @ flat_filters(w) + b
    return y


def grad_weights(g, xp, dy, w):
    dw = np.zeros(flat_filters(w).shape)
    for i, j, win in g.windows():
        dw += xp[win].reshape(g.N, -1).T @ dy[:, i, j]
    return dw.reshape(w.shape)


def grad_input(g, xp, dy, w):
    dxp = np.zeros(xp.shape)
    for i, j, win in g.windows():
        dxp[win] += (dy[:, i, j] @ flat_filters(w).T).reshape(g.N, g.KH, g.KW, g.C)
    return g.crop(dxp)


def grad_bias(dy):
    return dy.reshape(-1, dy.shape[-1]).sum(axis=0)


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    return grad_input(g, xp, dy, w), grad_weights(g, xp, dy, w), grad_bias(dy)


def im2col(xp, g):
    if g.OH == 0 or g.OW == 0:
        return np.zeros((g.N * g.OH * g.OW, g.KH * g.KW * g.C))
    n, r, c, d = xp.strides
    cols = np.lib.stride_tricks.as_strided(
        xp, (g.N, g.OH, g.OW, g.KH, g.KW, g.C), (n, r * g.SH, c * g.SW, r, c, d), writeable=False
    )
    return cols.reshape(g.N * g.OH * g.OW, -1)


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    y = im2col(pad2d(x, g.pads), g) @ flat_filters(w) + b
    return y.reshape(g.N, g.OH, g.OW, g.F)
