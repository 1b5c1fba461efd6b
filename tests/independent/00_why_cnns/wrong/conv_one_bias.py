"""Based on: arrays
Kind: single
Function: conv_params
Mistake: Adds a single bias for the whole layer, because the bias is added after the multiplication by the number of filters.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    k = np.broadcast_to(kernel_size, 2)
    return int(np.prod([*k, c_in, c_out]) + bool(bias))
