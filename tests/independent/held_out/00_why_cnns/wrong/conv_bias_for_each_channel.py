"""Based on: helpers
Kind: single
Function: conv_params
Mistake: Gives every filter one bias for each input channel, as if each slice of the kernel had its own.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = as_pair(kernel_size)
    return c_out * c_in * weights_per_unit(kh * kw, bias)
