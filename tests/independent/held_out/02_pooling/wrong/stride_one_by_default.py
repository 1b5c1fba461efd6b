"""Based on: arrays
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: Without a stride the windows move by 1, as in a convolution, not by their size.
"""


def _ks(size, stride):
    k = np.broadcast_to(size, 2)
    s = np.broadcast_to(1 if stride is None else stride, 2)
    return k, s
