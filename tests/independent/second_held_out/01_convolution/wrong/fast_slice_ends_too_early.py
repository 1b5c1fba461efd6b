"""Based on: loops
Kind: single
Function: conv2d_fast
Mistake: The strided slice ends after OH pixels and not after OH * SH, so it holds too few of them at stride 2.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    SH, SW = (stride, stride) if isinstance(stride, int) else stride
    KH, KW, C, F = w.shape
    if padding == "same":
        x = pad2d(x, (same_padding(x.shape[1], KH, SH), same_padding(x.shape[2], KW, SW)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    N, H, W, _ = x.shape
    OH = (H - KH) // SH + 1
    OW = (W - KW) // SW + 1
    y = np.zeros((N, OH, OW, F)) + b
    # only loop over the kernel, it is small
    for p in range(KH):
        for q in range(KW):
            part = x[:, p : p + OH : SH, q : q + OW : SW, :]
            y += part @ w[p, q]
    return y
