"""Based on: beginner
Kind: single
Function: conv_params
Mistake: The kernel is taken to be square, so the columns of a pair are never looked at.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if type(kernel_size) == tuple or type(kernel_size) == list:
        kernel_side = kernel_size[0]
    else:
        kernel_side = kernel_size
    number_of_weights = kernel_side**2 * c_in * c_out
    if bias == True:
        number_of_biases = c_out
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters
