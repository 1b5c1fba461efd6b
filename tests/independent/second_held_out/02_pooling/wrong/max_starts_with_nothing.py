"""Based on: beginner
Kind: single
Function: max_pool2d
Mistake: The search for the largest number starts with 0.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    if isinstance(size, int):
        size = (size, size)
    if stride is None:
        stride = size
    if isinstance(stride, int):
        stride = (stride, stride)
    batch, height, width, channels = x.shape
    before = [0, 0]
    out = [0, 0]
    for axis in range(2):
        n = x.shape[axis + 1]
        if padding == "same":
            out[axis] = (n + stride[axis] - 1) // stride[axis]
            needed = (out[axis] - 1) * stride[axis] + size[axis] - n
            before[axis] = max(needed, 0) // 2
        elif padding == "valid":
            out[axis] = (n - size[axis]) // stride[axis] + 1
        else:
            out[axis] = (n + 2 * padding - size[axis]) // stride[axis] + 1
            before[axis] = padding
    y = np.zeros((batch, out[0], out[1], channels))
    for b in range(batch):
        for c in range(channels):
            for i in range(out[0]):
                for j in range(out[1]):
                    biggest = 0
                    for di in range(size[0]):
                        for dj in range(size[1]):
                            row = i * stride[0] + di - before[0]
                            col = j * stride[1] + dj - before[1]
                            # skip everything outside of the picture
                            if row < 0 or row >= height or col < 0 or col >= width:
                                continue
                            if x[b, row, col, c] > biggest:
                                biggest = x[b, row, col, c]
                    y[b, i, j, c] = biggest
    return y
