"""Based on: beginner
Kind: single
Function: conv_params
Mistake: Copied the line of the height and left the index 0: a kernel of 3 x 5 counts as 3 x 3.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if type(kernel_size) == tuple or type(kernel_size) == list:
        kernel_height = kernel_size[0]
        kernel_width = kernel_size[0]
    else:
        kernel_height = kernel_size
        kernel_width = kernel_size
    number_of_weights = kernel_height * kernel_width * c_in * c_out
    if bias == True:
        number_of_biases = c_out
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters
