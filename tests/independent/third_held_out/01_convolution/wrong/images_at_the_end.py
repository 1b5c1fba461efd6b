"""Based on: helpers
Kind: single
Function: conv2d_fast
Mistake: The rows of the product are read back as if the images came last in the order, so several images are mixed.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    y = im2col(pad2d(x, g.pads), g) @ flat_filters(w) + b
    return y.reshape(g.OH, g.OW, g.N, g.F).transpose(2, 0, 1, 3)
