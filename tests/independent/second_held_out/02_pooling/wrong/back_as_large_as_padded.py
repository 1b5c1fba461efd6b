"""Based on: slices
Kind: single
Function: max_pool2d_backward
Mistake: The gradient of the padded image is returned; the padding is not cropped.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    sh, sw = (kh, kw) if stride is None else (stride if isinstance(stride, tuple) else (stride, stride))
    n, h, w, c = x.shape
    oh, ow = dy.shape[1:3]
    if padding == "valid":
        pads = [(0, 0), (0, 0)]
    elif padding == "same":
        ph, pw = max((oh - 1) * sh + kh - h, 0), max((ow - 1) * sw + kw - w, 0)
        pads = [(ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2)]
    else:
        pads = [(padding, padding), (padding, padding)]
    xp = np.pad(x.astype(float), [(0, 0)] + pads + [(0, 0)], constant_values=-np.inf)
    dx = np.zeros(xp.shape)
    for m in range(n):
        for i in range(oh):
            for j in range(ow):
                for ch in range(c):
                    win = xp[m, i * sh : i * sh + kh, j * sw : j * sw + kw, ch]
                    a, b = divmod(int(win.argmax()), kw)
                    dx[m, i * sh + a, j * sw + b, ch] += dy[m, i, j, ch]
    return dx
