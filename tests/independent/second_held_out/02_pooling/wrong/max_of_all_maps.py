"""Based on: slices
Kind: single
Function: max_pool2d
Mistake: The maximum is taken over the channels too, so all maps of the result are alike.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    kh, kw = size if isinstance(size, tuple) else (size, size)
    if stride is None:
        stride = (kh, kw)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    n, h, w, c = x.shape
    if padding == "same":
        oh, ow = math.ceil(h / sh), math.ceil(w / sw)
        top = max((oh - 1) * sh + kh - h, 0) // 2
        left = max((ow - 1) * sw + kw - w, 0) // 2
    else:
        top = left = 0 if padding == "valid" else padding
        oh = (h + 2 * top - kh) // sh + 1
        ow = (w + 2 * left - kw) // sw + 1
    starts_r = [i * sh - top for i in range(oh)]
    starts_c = [j * sw - left for j in range(ow)]
    best = [[[img[max(r, 0) : r + kh, max(q, 0) : q + kw].max() for q in starts_c] for r in starts_r] for img in x]
    # the same shape as y, for each channel
    return np.repeat(np.array(best)[..., None], c, axis=-1)
