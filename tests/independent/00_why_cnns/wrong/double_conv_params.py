"""Based on: slices
Kind: double
Function: conv_params
Mistake: Forgets the depth of the filter; and counts only one bias for the whole layer.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    return kh * kw * c_out + (1 if bias else 0)
