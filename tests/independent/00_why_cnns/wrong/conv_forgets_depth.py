"""Based on: loops
Kind: single
Function: conv_params
Mistake: Counts only rows and columns of a filter and forgets the input channels, seeing a filter as a flat sheet.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if isinstance(kernel_size, int):
        kh = kernel_size
        kw = kernel_size
    else:
        kh, kw = kernel_size
    total = 0
    for _ in range(c_out):
        for _ in range(kh):
            for _ in range(kw):
                total += 1
        if bias:
            total += 1
    return total
