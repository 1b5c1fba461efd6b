"""Based on: slices
Kind: double
Function: max_pool2d
Mistake: With same the output is rounded down; and the maximum is taken over all channels of an image.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    if padding == "same":
        oh, ow = h // sh, w // sw
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            for m in range(n):
                y[m, i, j, :] = xp[m, i * sh : i * sh + kh, j * sw : j * sw + kw].max()
    return y
