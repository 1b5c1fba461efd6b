"""Based on: loops
Kind: single
Function: avg_pool2d_backward
Mistake: At the border too, dy is divided by kh * kw and not by the number of real pixels.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    kh, kw = (size, size) if isinstance(size, int) else size
    if stride is None:
        sh, sw = kh, kw
    elif isinstance(stride, int):
        sh = sw = stride
    else:
        sh, sw = stride
    N, H, W, C = x.shape
    _, OH, OW, _ = dy.shape
    if padding == "same":
        top = max((OH - 1) * sh + kh - H, 0) // 2
        left = max((OW - 1) * sw + kw - W, 0) // 2
    else:
        top = left = 0 if padding == "valid" else padding
    dx = np.zeros(x.shape)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                share = dy[n, i, j] / (kh * kw)
                for a in range(kh):
                    for b in range(kw):
                        r, q = i * sh + a - top, j * sw + b - left
                        if r >= 0 and r < H and q >= 0 and q < W:
                            dx[n, r, q] += share
    return dx
