"""Based on: beginner
Kind: single
Function: avg_pool2d
Mistake: range(size) takes an int only, so a pair of sizes raises TypeError.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = size
    if isinstance(stride, int):
        stride = (stride, stride)
    N, H, W, C = x.shape
    sh, sw = stride
    top, left = 0, 0
    if padding == "same":
        OH = -(-H // sh)
        OW = -(-W // sw)
        top = max((OH - 1) * sh + size - H, 0) // 2
        left = max((OW - 1) * sw + size - W, 0) // 2
    else:
        if padding != "valid":
            top = left = padding
        OH = (H + 2 * top - size) // sh + 1
        OW = (W + 2 * left - size) // sw + 1
    y = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            total = np.zeros((N, C))
            count = 0
            for a in range(size):
                for b in range(size):
                    r = i * sh + a - top
                    c = j * sw + b - left
                    if 0 <= r < H and 0 <= c < W:
                        total = total + x[:, r, c, :]
                        count = count + 1
            y[:, i, j, :] = total / count
    return y
