"""Based on: slices
Kind: odd
Function: max_pool2d_backward
Mistake: The row with the largest sum is chosen first and then the largest pixel in that row, as if the maximum could be found one axis after the other.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    dx = np.zeros(x.shape)
    for m in range(n):
        for k in range(c):
            for i in range(oh):
                for j in range(ow):
                    r0, q0 = max(i * sh - top, 0), max(j * sw - left, 0)
                    window = x[m, r0 : i * sh - top + kh, q0 : j * sw - left + kw, k]
                    row = window.sum(axis=1).argmax()
                    col = window[row].argmax()
                    dx[m, r0 + row, q0 + col, k] += dy[m, i, j, k]
    return dx
