"""Based on: beginner
Kind: single
Function: conv2d
Mistake: The size of the output is divided with / and is a float, so np.zeros raises TypeError.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    step_h = stride[0]
    step_w = stride[1]
    N, H, W, C = x.shape
    KH, KW, C_in, C_out = w.shape
    if padding == "same":
        pads = (same_padding(H, KH, step_h), same_padding(W, KW, step_w))
    elif padding == "valid":
        pads = ((0, 0), (0, 0))
    else:
        pads = ((padding, padding), (padding, padding))
    x_padded = pad2d(x, pads)
    # formula from the lesson
    out_h = (x_padded.shape[1] - KH) / step_h + 1
    out_w = (x_padded.shape[2] - KW) / step_w + 1
    y = np.zeros((N, out_h, out_w, C_out))
    for n in range(N):
        for i in range(out_h):
            for j in range(out_w):
                a = i * step_h
                c = j * step_w
                y[n, i, j] = conv2d_step(x_padded[n, a : a + KH, c : c + KW], w, b)
    return y
