"""Based on: arrays
Kind: single
Function: conv2d_fast
Mistake: Forgets to pad in the fast version, because the timing example needs none.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = x
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.tensordot(win, w, axes=([4, 5, 3], [0, 1, 2])) + b
