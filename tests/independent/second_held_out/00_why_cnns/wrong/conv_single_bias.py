"""Based on: arrays
Kind: single
Function: conv_params
Mistake: The whole layer has a single bias, whatever the number of filters.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    k_h, k_w = np.broadcast_to(kernel_size, 2).tolist()
    total = k_h * k_w * c_in * c_out
    return total + int(bias)
