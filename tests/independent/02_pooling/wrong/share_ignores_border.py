"""Based on: slices
Kind: single
Function: avg_pool2d_backward
Mistake: The gradient is divided by kh * kw also at the border, where fewer pixels are real.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    dxp = np.zeros((n, top + h + bottom, left + w + right, c))
    for i in range(oh):
        for j in range(ow):
            share = dy[:, i, j, :] / (kh * kw)
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] += share[:, None, None, :]
    return dxp[:, top : top + h, left : left + w, :]
