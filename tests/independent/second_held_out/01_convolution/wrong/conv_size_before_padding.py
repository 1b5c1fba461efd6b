"""Based on: beginner
Kind: single
Function: conv2d
Mistake: The size of the output is computed from the image without its padding.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    if isinstance(stride, int):
        sh = stride
        sw = stride
    else:
        sh, sw = stride
    batch, height, width, channels = x.shape
    kh, kw, _, filters = w.shape

    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(height, kh, sh), same_padding(width, kw, sw))
    else:
        pads = ((padding, padding), (padding, padding))
    x = pad2d(x, pads)

    out_height = (height - kh) // sh + 1
    out_width = (width - kw) // sw + 1
    if out_height < 0:
        out_height = 0
    if out_width < 0:
        out_width = 0
    output = np.zeros((batch, out_height, out_width, filters))
    for img in range(batch):
        for row in range(out_height):
            for col in range(out_width):
                piece = x[img, row * sh : row * sh + kh, col * sw : col * sw + kw, :]
                output[img, row, col, :] = conv2d_step(piece, w, b)
    return output
