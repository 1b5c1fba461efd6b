"""Based on: slices
Kind: single
Function: max_pool2d_backward
Mistake: The gradient goes to every pixel of the window, as if pooling only copied the number back.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    dxp = np.zeros((n, top + h + bottom, left + w + right, c))
    for i in range(oh):
        for j in range(ow):
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] += dy[:, i : i + 1, j : j + 1, :]
    return dxp[:, top : top + h, left : left + w, :]
