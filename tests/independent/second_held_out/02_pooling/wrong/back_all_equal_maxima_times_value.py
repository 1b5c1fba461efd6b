"""Based on: slices
Kind: double
Function: max_pool2d_backward
Mistake: Each of several equal maxima gets the whole gradient; and the gradient is multiplied by the pixel's value.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    sh, sw = (kh, kw) if stride is None else ((stride, stride) if isinstance(stride, int) else stride)
    n, h, w, c = x.shape
    oh, ow = dy.shape[1], dy.shape[2]
    t = l = 0
    if padding == "same":
        t = max((oh - 1) * sh + kh - h, 0) // 2
        l = max((ow - 1) * sw + kw - w, 0) // 2
    elif padding != "valid":
        t = l = padding
    dx = np.zeros(x.shape)
    for i in range(oh):
        for j in range(ow):
            a, b = max(i * sh - t, 0), max(j * sw - l, 0)
            win = x[:, a : i * sh - t + kh, b : j * sw - l + kw]
            top_value = win.max(axis=(1, 2), keepdims=True)
            # keep only the maxima of the window
            kept = win * (win == top_value)
            dx[:, a : i * sh - t + kh, b : j * sw - l + kw] += kept * dy[:, i : i + 1, j : j + 1]
    return dx
