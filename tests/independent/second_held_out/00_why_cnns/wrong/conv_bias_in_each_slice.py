"""Based on: helpers
Kind: single
Function: conv_params
Mistake: Each two-dimensional slice of a filter gets a bias of its own, so a filter has c_in biases.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = as_pair(kernel_size)
    # one little kernel for red, one for green, one for blue ...
    one_slice = weights_per_unit(kh * kw, bias)
    one_filter = one_slice * c_in
    return c_out * one_filter
