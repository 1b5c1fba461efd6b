"""Based on: arrays
Kind: double
Function: conv2d
Mistake: Averages the products over the channels; and returns the maps with channels first.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // s[0] + 1, 0)
        ow = max((xp.shape[2] - kw) // s[1] + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    y = np.einsum("nijcab,abcf->nijf", win, w) / x.shape[3] + b
    return y.transpose(0, 3, 1, 2)
