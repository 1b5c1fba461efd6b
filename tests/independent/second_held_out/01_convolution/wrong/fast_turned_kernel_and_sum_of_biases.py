"""Based on: arrays
Kind: double
Function: conv2d_fast
Mistake: The kernel is turned by 180 degrees; and each map gets the sum of all biases.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    # a convolution flips the kernel, otherwise it is a correlation
    kernel = np.flip(w, axis=(0, 1))
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[:2], axis=(1, 2))
    win = win[:, :: s[0], :: s[1]]
    return np.tensordot(win, kernel, axes=([4, 5, 3], [0, 1, 2])) + b.sum()
