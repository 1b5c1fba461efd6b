"""Based on: loops
Kind: single
Function: conv_params
Mistake: Each input channel has one kernel that all filters share, and a filter only mixes the filtered channels.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if isinstance(kernel_size, int):
        kh = kernel_size
        kw = kernel_size
    else:
        kh, kw = kernel_size
    total = 0
    for _ in range(c_in):
        total += kh * kw
    for _ in range(c_out):
        total += c_in
        if bias:
            total += 1
    return total
