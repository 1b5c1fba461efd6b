"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: Limits the windows at the bottom and at the right, but not at the top and at the left (negative index).
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        r0 = i * sh - top
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = j * sw - left
            q1 = min(j * sw - left + kw, w)
            y[:, i, j, :] = x[:, r0:r1, q0:q1, :].mean(axis=(1, 2))
    return y
