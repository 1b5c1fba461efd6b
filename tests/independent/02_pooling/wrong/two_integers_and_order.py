"""Based on: slices
Kind: double
Function: avg_pool2d
Mistake: The result has the type of x, so means of whole numbers are cut; and a pair for the stride is read as (columns, rows).
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sw, sh = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c), dtype=x.dtype)
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = max(j * sw - left, 0)
            q1 = min(j * sw - left + kw, w)
            y[:, i, j, :] = x[:, r0:r1, q0:q1, :].mean(axis=(1, 2))
    return y
