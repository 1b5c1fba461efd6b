"""Based on: beginner
Kind: double
Function: conv_output_shape
Mistake: Padding "same" keeps the size of the image at any stride, and an integer padding is added once to each axis.
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
    if padding == "same":
        return (height, width)
    if padding == "valid":
        pixels_added = 0
    else:
        pixels_added = padding
    output_height = (height + pixels_added - kernel_height) // stride_rows + 1
    output_width = (width + pixels_added - kernel_width) // stride_columns + 1
    return (output_height, output_width)
