"""Based on: helpers
Kind: single
Function: conv2d_fast
Mistake: The rows of the matrix go position by position and then image by image; the result is reshaped as if images came first.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    g = Geometry(x.shape, w.shape, stride, padding)
    xp = pad2d(x, g.pads)
    # collect one row per patch
    blocks = [xp[win].reshape(g.N, -1) for _, _, win in g.windows()]
    cols = np.concatenate(blocks, axis=0)
    y = cols @ flat_filters(w) + b
    return y.reshape(g.N, g.OH, g.OW, g.F)
