"""Based on: beginner
Kind: single
Function: conv2d
Mistake: `return y` is indented into the loop over images, so only the first image is convolved.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    N, H, W, C = x.shape
    KH, KW, C2, F = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, stride[0]), same_padding(W, KW, stride[1]))
    else:
        pads = ((padding, padding), (padding, padding))
    x = pad2d(x, pads)
    OH = (x.shape[1] - KH) // stride[0] + 1
    OW = (x.shape[2] - KW) // stride[1] + 1
    y = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                r = i * stride[0]
                c = j * stride[1]
                patch = x[n, r : r + KH, c : c + KW, :]
                y[n, i, j, :] = conv2d_step(patch, w, b)
        return y
