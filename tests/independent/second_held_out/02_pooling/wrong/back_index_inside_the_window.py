"""Based on: beginner
Kind: single
Function: max_pool2d_backward
Mistake: The position of the maximum inside its window is used as a position in the image.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    if isinstance(size, int):
        size = (size, size)
    if stride is None:
        stride = size
    if isinstance(stride, int):
        stride = (stride, stride)
    N, H, W, C = x.shape
    OH, OW = dy.shape[1], dy.shape[2]
    if padding == "same":
        top = max((OH - 1) * stride[0] + size[0] - H, 0) // 2
        left = max((OW - 1) * stride[1] + size[1] - W, 0) // 2
    elif padding == "valid":
        top = left = 0
    else:
        top = left = padding
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    r0 = max(i * stride[0] - top, 0)
                    c0 = max(j * stride[1] - left, 0)
                    r1 = min(i * stride[0] - top + size[0], H)
                    c1 = min(j * stride[1] - left + size[1], W)
                    window = x[n, r0:r1, c0:c1, c]
                    # where is the maximum?
                    row, col = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, row, col, c] += dy[n, i, j, c]
    return dx
