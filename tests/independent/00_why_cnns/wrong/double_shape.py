"""Based on: beginner
Kind: double
Function: conv_output_shape
Mistake: Adds a number of padding only once; and returns the size of the input for "same" at every stride.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    height = hw[0]
    width = hw[1]
    if type(kernel_size) == tuple or type(kernel_size) == list:
        kernel_height = kernel_size[0]
        kernel_width = kernel_size[1]
    else:
        kernel_height = kernel_size
        kernel_width = kernel_size
    if type(stride) == tuple or type(stride) == list:
        stride_rows = stride[0]
        stride_columns = stride[1]
    else:
        stride_rows = stride
        stride_columns = stride
    if padding == "valid":
        output_height = (height - kernel_height) // stride_rows + 1
        output_width = (width - kernel_width) // stride_columns + 1
    elif padding == "same":
        output_height = height
        output_width = width
    else:
        output_height = (height + padding - kernel_height) // stride_rows + 1
        output_width = (width + padding - kernel_width) // stride_columns + 1
    if output_height < 0:
        output_height = 0
    if output_width < 0:
        output_width = 0
    return (output_height, output_width)
