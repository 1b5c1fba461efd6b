"""Based on: arrays
Kind: single
Function: conv2d
Mistake: sliding_window_view raises ValueError where the kernel is one larger than the image and the output is empty.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = np.broadcast_to(stride, 2)
    xp = pad2d(x, _pads(x, w, (int(sh), int(sw)), padding))
    kh, kw = w.shape[:2]
    # all windows at once, then throw away the ones between the strides
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))
    win = win[:, ::sh, ::sw]
    return np.einsum("nijcab,abcf->nijf", win, w) + b
