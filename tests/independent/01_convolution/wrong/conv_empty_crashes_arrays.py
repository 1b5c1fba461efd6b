"""Based on: arrays
Kind: single
Function: conv2d
Mistake: Leaves out the case of a kernel that is larger than the image, for which sliding_window_view raises an error.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    win = sliding_window_view(xp, w.shape[:2], axis=(1, 2))[:, :: s[0], :: s[1]]
    return np.einsum("nijcab,abcf->nijf", win, w) + b
