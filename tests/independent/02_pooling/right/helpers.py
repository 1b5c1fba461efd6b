import numpy as np


def as_pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def total_padding(n, k, s):
    return max((ceil_div(n, s) - 1) * s + k - n, 0)


def ceil_div(a, b):
    return -(-a // b)


class Axis:
    """One axis of the picture: how many windows it has and which pixels belong to each."""

    def __init__(self, n, k, s, padding):
        self.n = n
        self.k = k
        self.s = s
        if padding == "same":
            self.before = total_padding(n, k, s) // 2
            self.out = ceil_div(n, s)
        else:
            self.before = 0 if padding == "valid" else padding
            self.out = max((n + 2 * self.before - k) // s + 1, 0)

    def first(self, i):
        return max(i * self.s - self.before, 0)

    def last(self, i):
        return min(i * self.s - self.before + self.k, self.n)

    def span(self, i):
        return slice(self.first(i), self.last(i))


def make_axes(x, size, stride, padding):
    k = as_pair(size)
    s = k if stride is None else as_pair(stride)
    return Axis(x.shape[1], k[0], s[0], padding), Axis(x.shape[2], k[1], s[1], padding)


def positions(rows, cols):
    for i in range(rows.out):
        for j in range(cols.out):
            yield i, j


def pool(x, size, stride, padding, reduce):
    rows, cols = make_axes(x, size, stride, padding)
    y = np.zeros((x.shape[0], rows.out, cols.out, x.shape[3]))
    for i, j in positions(rows, cols):
        y[:, i, j] = reduce(x[:, rows.span(i), cols.span(j)])
    return y


def largest(patch):
    return patch.max(axis=(1, 2))


def average(patch):
    return patch.mean(axis=(1, 2))


def winners(patch):
    """True at the first largest number of each map of the patch."""
    n, h, w, c = patch.shape
    best = patch.reshape(n, h * w, c).argmax(axis=1)
    return (np.arange(h * w).reshape(1, h * w, 1) == best.reshape(n, 1, c)).reshape(patch.shape)


def equal_shares(patch):
    return np.ones(patch.shape) / (patch.shape[1] * patch.shape[2])


def unpool(dy, x, size, stride, padding, shares):
    rows, cols = make_axes(x, size, stride, padding)
    dx = np.zeros(x.shape)
    for i, j in positions(rows, cols):
        patch = x[:, rows.span(i), cols.span(j)]
        dx[:, rows.span(i), cols.span(j)] += shares(patch) * dy[:, i, j][:, None, None, :]
    return dx


def max_pool2d(x, size=2, stride=None, padding="valid"):
    return pool(x, size, stride, padding, largest)


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    return pool(x, size, stride, padding, average)


def global_avg_pool2d(x):
    return average(x)


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    return unpool(dy, x, size, stride, padding, winners)


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    return unpool(dy, x, size, stride, padding, equal_shares)
