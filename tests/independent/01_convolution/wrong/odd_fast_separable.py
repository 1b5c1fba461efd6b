"""Based on: helpers
Kind: odd
Function: conv2d_fast
Mistake: Splits each kernel into a column and a row by its means, as if every kernel were separable.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    column = w.mean(axis=1, keepdims=True)
    row = w.mean(axis=0, keepdims=True)
    mean = w.mean(axis=(0, 1), keepdims=True)
    separable = column * row / np.where(mean == 0, 1, mean)
    y = im2col(pad2d(x, g.pads), g) @ flat_filters(separable) + b
    return y.reshape(g.N, g.OH, g.OW, g.F)
