"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: The height of the window is used along the columns and the width along the rows, as if x were (N, W, H, C).
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kw, h)
        for j in range(ow):
            q0 = max(j * sw - left, 0)
            q1 = min(j * sw - left + kh, w)
            y[:, i, j, :] = x[:, r0:r1, q0:q1, :].mean(axis=(1, 2))
    return y
