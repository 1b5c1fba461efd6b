"""Based on: loops
Kind: single
Function: conv_params
Mistake: The kernel size is squared, so a pair of sizes raises TypeError.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    params_per_filter = kernel_size**2 * c_in
    if bias:
        params_per_filter += 1
    return params_per_filter * c_out
