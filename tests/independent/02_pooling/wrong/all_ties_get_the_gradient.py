"""Based on: slices
Kind: single
Function: max_pool2d_backward
Mistake: Each pixel that equals the maximum gets the full gradient, because the mask compares values and not places.
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
            share = mask * dy[:, i, j, :][:, None, None, :]
            dxp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :] += share
    return dxp[:, top : top + h, left : left + w, :]
