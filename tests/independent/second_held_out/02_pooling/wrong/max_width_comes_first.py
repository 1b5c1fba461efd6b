"""Based on: beginner
Kind: single
Function: max_pool2d
Mistake: A pair for the size is read as (width, height).
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    if type(size) == int:
        w_height = size
        w_width = size
    else:
        w_width, w_height = size
    if stride is None:
        step_h, step_w = w_height, w_width
    elif type(stride) == int:
        step_h, step_w = stride, stride
    else:
        step_h, step_w = stride
    N, H, W, C = x.shape
    # numbers of rows/columns of zeros before the picture
    top = 0
    left = 0
    if padding == "same":
        OH = int(np.ceil(H / step_h))
        OW = int(np.ceil(W / step_w))
        top = max((OH - 1) * step_h + w_height - H, 0) // 2
        left = max((OW - 1) * step_w + w_width - W, 0) // 2
    else:
        if padding != "valid":
            top = padding
            left = padding
        OH = (H + 2 * top - w_height) // step_h + 1
        OW = (W + 2 * left - w_width) // step_w + 1
    result = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            r1 = max(i * step_h - top, 0)
            r2 = min(i * step_h - top + w_height, H)
            c1 = max(j * step_w - left, 0)
            c2 = min(j * step_w - left + w_width, W)
            result[:, i, j, :] = np.max(x[:, r1:r2, c1:c2, :], axis=(1, 2))
    return result
