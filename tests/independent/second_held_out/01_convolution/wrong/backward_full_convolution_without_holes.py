"""Based on: arrays
Kind: single
Function: conv2d_backward
Mistake: dx is the full convolution of dy with the turned kernel, without the zeros that a stride needs between the dy.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    pads = _pads(x, w, s, padding)
    xp = pad2d(x, pads)
    kh, kw, c_in, c_out = w.shape
    oh, ow = dy.shape[1:3]
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, :: s[0], :: s[1]]
    dw = np.einsum("nijcab,nijf->abcf", win, dy)
    db = dy.sum(axis=(0, 1, 2))
    # dx: pad dy by k - 1, turn the kernel by 180 degrees, swap in and out
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    frame = pad2d(dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    full = conv2d(frame, turned, np.zeros(c_in))
    dxp = np.zeros(xp.shape)
    # the last rows may not be reached by a window
    h, v = min(full.shape[1], dxp.shape[1]), min(full.shape[2], dxp.shape[2])
    dxp[:, :h, :v] = full[:, :h, :v]
    (top, _), (left, _) = pads
    return dxp[:, top : top + x.shape[1], left : left + x.shape[2]], dw, db
