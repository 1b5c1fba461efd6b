"""Based on: beginner
Kind: double
Function: conv_params
Mistake: A filter has only kh * kw weights, whatever the number of channels; and the biases are never counted.
"""


def conv_params(kernel_size, c_in, c_out, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    # a 3x3 filter has 9 numbers
    weights_of_a_filter = kh * kw
    return weights_of_a_filter * c_out
