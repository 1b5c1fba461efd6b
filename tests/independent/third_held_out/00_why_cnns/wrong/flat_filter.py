"""Based on: slices
Kind: single
Function: conv_params
Mistake: A filter is a flat square of weights that does not reach through the input channels.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    one_filter = kh * kw
    if bias:
        one_filter += 1
    return one_filter * c_out
