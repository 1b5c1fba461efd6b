"""Based on: arrays
Kind: odd
Function: conv2d_fast
Mistake: Remembers the matrix of windows by the shape of the image, so a second image of the same shape gets the result of the first.
"""

_windows = {}


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    kh, kw, _, c_out = w.shape
    key = (x.shape, kh, kw, s, padding)
    if key not in _windows:
        xp = pad2d(x, _pads(x, w, s, padding))
        if xp.shape[1] < kh or xp.shape[2] < kw:
            return conv2d(x, w, b, stride, padding)
        _windows[key] = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.tensordot(_windows[key], w, axes=([4, 5, 3], [0, 1, 2])) + b
