"""Based on: slices
Kind: single
Function: conv2d_fast
Mistake: The windows are thinned out with the column stride along rows and the row stride along columns.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    kh, kw = w.shape[:2]
    if padding == "same":
        x = pad2d(x, (same_padding(x.shape[1], kh, sh), same_padding(x.shape[2], kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    view = view[:, ::sw, ::sh]
    # view: n, i, j, c, kh, kw
    return np.tensordot(view, w, axes=((3, 4, 5), (2, 0, 1))) + b
