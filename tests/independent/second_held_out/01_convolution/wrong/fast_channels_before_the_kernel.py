"""Based on: arrays
Kind: single
Function: conv2d_fast
Mistake: The windows are (C, KH, KW) and the kernel is (KH, KW, C), and both are flattened as they are.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, c_in, c_out = w.shape
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    n, oh, ow = win.shape[:3]
    cols = win.reshape(n * oh * ow, c_in * kh * kw)
    y = cols @ w.reshape(kh * kw * c_in, c_out) + b
    return y.reshape(n, oh, ow, c_out)
