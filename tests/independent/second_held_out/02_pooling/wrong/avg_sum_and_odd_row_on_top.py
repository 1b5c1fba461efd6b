"""Based on: beginner
Kind: double
Function: avg_pool2d
Mistake: The sum of a window is returned, not its mean; and with "same" the odd row of padding is at the top.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    if isinstance(size, int):
        size = (size, size)
    if stride is None:
        stride = size
    if isinstance(stride, int):
        stride = (stride, stride)
    N, H, W, C = x.shape
    if padding == "same":
        OH = int(np.ceil(H / stride[0]))
        OW = int(np.ceil(W / stride[1]))
        # round up, so that there is enough at the top
        top = (max((OH - 1) * stride[0] + size[0] - H, 0) + 1) // 2
        left = (max((OW - 1) * stride[1] + size[1] - W, 0) + 1) // 2
    else:
        top = left = 0 if padding == "valid" else padding
        OH = (H + 2 * top - size[0]) // stride[0] + 1
        OW = (W + 2 * left - size[1]) // stride[1] + 1
    y = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            for a in range(size[0]):
                for b in range(size[1]):
                    r = i * stride[0] + a - top
                    c = j * stride[1] + b - left
                    if 0 <= r < H and 0 <= c < W:
                        y[:, i, j] += x[:, r, c]
    return y
