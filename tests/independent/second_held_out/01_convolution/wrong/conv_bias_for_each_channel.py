"""Based on: loops
Kind: single
Function: conv2d
Mistake: The bias is added in the loop over input channels, so once for each channel.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    if isinstance(stride, int):
        stride = (stride, stride)
    sh, sw = stride
    n_img, h, wd, c_in = x.shape
    kh, kw, _, c_out = w.shape
    if padding == "same":
        pads = (same_padding(h, kh, sh), same_padding(wd, kw, sw))
    elif padding == "valid":
        pads = ((0, 0), (0, 0))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    oh = (xp.shape[1] - kh) // sh + 1
    ow = (xp.shape[2] - kw) // sw + 1
    y = np.zeros((n_img, oh, ow, c_out))
    for i in range(oh):
        for j in range(ow):
            for f in range(c_out):
                for c in range(c_in):
                    window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, c]
                    # this channel's part
                    y[:, i, j, f] += (window * w[:, :, c, f]).sum(axis=(1, 2)) + b[f]
    return y
