"""Based on: slices
Kind: odd
Function: conv2d
Mistake: Invents a rule for windows that start in the padding: they are pushed into the image, so the padding is never seen.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        (pt, pb), (pl, pr) = same_padding(H, kh, sh), same_padding(W, kw, sw)
    elif padding == "valid":
        pt = pb = pl = pr = 0
    else:
        pt = pb = pl = pr = padding
    oh = max(0, (H + pt + pb - kh) // sh + 1)
    ow = max(0, (W + pl + pr - kw) // sw + 1)
    y = np.zeros((N, oh, ow, c_out))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                r = min(max(i * sh - pt, 0), max(H - kh, 0))
                c = min(max(j * sw - pl, 0), max(W - kw, 0))
                patch = x[n, r : r + kh, c : c + kw, :]
                y[n, i, j] = conv2d_step(patch, w[: patch.shape[0], : patch.shape[1]], b)
    return y
