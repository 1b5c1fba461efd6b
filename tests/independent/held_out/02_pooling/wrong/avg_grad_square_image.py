"""Based on: loops
Kind: single
Function: avg_pool2d_backward
Mistake: Compares the column with the height of the image, because the condition was copied.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    places = []
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < H:
                                places.append((r, q))
                    for r, q in places:
                        dx[n, r, q, c] += dy[n, i, j, c] / len(places)
    return dx
