"""Based on: beginner
Kind: single
Function: conv_params
Mistake: Counts one bias per input channel instead of one per feature map.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if type(kernel_size) == tuple or type(kernel_size) == list:
        kernel_height = kernel_size[0]
        kernel_width = kernel_size[1]
    else:
        kernel_height = kernel_size
        kernel_width = kernel_size
    number_of_weights = kernel_height * kernel_width * c_in * c_out
    if bias == True:
        number_of_biases = c_in
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters
