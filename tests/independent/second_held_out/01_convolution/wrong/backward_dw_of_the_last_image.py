"""Based on: loops
Kind: single
Function: conv2d_backward
Mistake: dw is set to the gradient of one image after another, so only the last image is left.
"""


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    n_images, H, W, C = x.shape
    kh, kw, _, n_filters = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, kh, sh), same_padding(W, kw, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    padded = pad2d(x, pads)
    d_padded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(n_filters)
    for n in range(n_images):
        dw_image = np.zeros(w.shape)
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                patch = padded[n, i * sh : i * sh + kh, j * sw : j * sw + kw]
                d_patch = d_padded[n, i * sh : i * sh + kh, j * sw : j * sw + kw]
                for f in range(n_filters):
                    dw_image[..., f] += patch * dy[n, i, j, f]
                    d_patch += w[..., f] * dy[n, i, j, f]
                    db[f] += dy[n, i, j, f]
        dw = dw_image
    top, left = pads[0][0], pads[1][0]
    return d_padded[:, top : top + H, left : left + W], dw, db
