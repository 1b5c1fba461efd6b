"""Based on: arrays
Kind: single
Function: max_pool2d_backward
Mistake: The output is enlarged by np.repeat and compared with x, which is right only if the windows lie side by side without padding, and in a tie several pixels get the gradient.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, _ = _ks(size, stride)
    h, w = x.shape[1:3]
    y = max_pool2d(x, size, stride, padding)
    up_y = y.repeat(k[0], axis=1).repeat(k[1], axis=2)[:, :h, :w]
    up_dy = dy.repeat(k[0], axis=1).repeat(k[1], axis=2)[:, :h, :w]
    dx = np.zeros(x.shape)
    part = x[:, : up_y.shape[1], : up_y.shape[2]]
    dx[:, : up_y.shape[1], : up_y.shape[2]] = np.where(part == up_y, up_dy, 0)
    return dx
