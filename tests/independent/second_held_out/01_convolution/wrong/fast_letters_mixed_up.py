"""Based on: beginner
Kind: single
Function: conv2d_fast
Mistake: The letters of einsum pair the rows of a window with the columns of the kernel.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    KH, KW, C, F = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(x.shape[1], KH, stride[0]), same_padding(x.shape[2], KW, stride[1]))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    windows = np.lib.stride_tricks.sliding_window_view(xp, (KH, KW), axis=(1, 2))
    windows = windows[:, :: stride[0], :: stride[1]]
    # h, w = position, c = channel, x = kernel width, y = kernel height
    result = np.einsum("nhwcxy,yxcf->nhwf", windows, w)
    return result + b
