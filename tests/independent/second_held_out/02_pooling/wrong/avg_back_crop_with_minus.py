"""Based on: slices
Kind: single
Function: avg_pool2d_backward
Mistake: The padding is cropped with negative ends, which gives an empty gradient where nothing was padded.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k = (size, size) if isinstance(size, int) else tuple(size)
    s = k if stride is None else ((stride, stride) if isinstance(stride, int) else tuple(stride))
    pads = []
    for axis in (0, 1):
        n = x.shape[1 + axis]
        if padding == "same":
            total = max((math.ceil(n / s[axis]) - 1) * s[axis] + k[axis] - n, 0)
            pads.append((total // 2, total - total // 2))
        elif padding == "valid":
            pads.append((0, 0))
        else:
            pads.append((padding, padding))
    ones = np.pad(np.ones(x.shape[1:3]), pads)
    dxp = np.zeros((x.shape[0], *ones.shape, x.shape[3]))
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows = slice(i * s[0], i * s[0] + k[0])
            cols = slice(j * s[1], j * s[1] + k[1])
            real = ones[rows, cols]
            dxp[:, rows, cols] += (real / real.sum())[None, :, :, None] * dy[:, i, j][:, None, None, :]
    # without the border
    return dxp[:, pads[0][0] : -pads[0][1], pads[1][0] : -pads[1][1]]
