"""Based on: beginner
Kind: single
Function: conv_params
Mistake: Forgets that kernel_size may be a pair and squares it, which fails for a tuple.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    number_of_weights = kernel_size**2 * c_in * c_out
    if bias == True:
        number_of_biases = c_out
    else:
        number_of_biases = 0
    return number_of_weights + number_of_biases
