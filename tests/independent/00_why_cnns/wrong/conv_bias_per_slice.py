"""Based on: slices
Kind: single
Function: conv_params
Mistake: Gives every filter one bias for each input channel, as if each channel of a filter were a small filter of its own.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    one_slice = kh * kw
    if bias:
        one_slice += 1
    return one_slice * c_in * c_out
