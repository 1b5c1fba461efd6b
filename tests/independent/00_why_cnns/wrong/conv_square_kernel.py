"""Based on: helpers
Kind: single
Function: conv_params
Mistake: Takes the first number of a pair and squares it, as if every kernel were square.
"""


def side_length(kernel_size):
    return kernel_size[0] if isinstance(kernel_size, (tuple, list)) else kernel_size


def conv_params(kernel_size, c_in, c_out, bias=True):
    return c_out * weights_per_unit(side_length(kernel_size) ** 2 * c_in, bias)
