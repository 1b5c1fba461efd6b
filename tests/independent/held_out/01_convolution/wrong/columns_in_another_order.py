"""Based on: arrays
Kind: single
Function: conv2d_fast
Mistake: Flattens windows as (channel, row, column), but the weights as (row, column, channel).
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    n, oh, ow = win.shape[:3]
    y = win.reshape(n * oh * ow, -1) @ w.reshape(-1, c_out) + b
    return y.reshape(n, oh, ow, c_out)
