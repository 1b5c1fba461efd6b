"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: The sum is divided by the area of one step and not by the area of the window, since both are equal by default.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            window = x[:, max(i * sh - top, 0) : i * sh - top + kh, max(j * sw - left, 0) : j * sw - left + kw]
            y[:, i, j] = window.sum(axis=(1, 2)) / (sh * sw)
    return y
