"""Based on: arrays
Kind: double
Function: conv2d
Mistake: Exchanges the strides of rows and columns; and turns the kernel by 180 degrees.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sw, sh = (stride, stride) if isinstance(stride, int) else stride
    xp = pad2d(x, _pads(x, w, (sh, sw), padding))
    kh, kw, _, c_out = w.shape
    if xp.shape[1] < kh or xp.shape[2] < kw:
        oh = max((xp.shape[1] - kh) // sh + 1, 0)
        ow = max((xp.shape[2] - kw) // sw + 1, 0)
        return np.zeros((x.shape[0], oh, ow, c_out))
    win = sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]
    return np.einsum("nijcab,abcf->nijf", win, w[::-1, ::-1]) + b
