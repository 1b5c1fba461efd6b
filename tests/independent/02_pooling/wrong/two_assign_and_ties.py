"""Based on: slices
Kind: double
Function: max_pool2d_backward
Mistake: All pixels that equal the maximum get the gradient; and it is assigned to the slice and not added.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    dxp = np.zeros(xp.shape)
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            mask = window == window.max(axis=(1, 2), keepdims=True)
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] = mask * dy[:, i : i + 1, j : j + 1, :]
    return dxp[:, top : top + h, left : left + w, :]
