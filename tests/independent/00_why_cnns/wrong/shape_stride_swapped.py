"""Based on: beginner
Kind: single
Function: conv_output_shape
Mistake: Reads a pair of strides as (columns, rows), like x and y in a drawing program.
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
        stride_columns = stride[0]
        stride_rows = stride[1]
    else:
        stride_rows = stride
        stride_columns = stride
    if padding == "valid":
        output_height = (height - kernel_height) // stride_rows + 1
        output_width = (width - kernel_width) // stride_columns + 1
    elif padding == "same":
        output_height = height // stride_rows
        if height % stride_rows != 0:
            output_height = output_height + 1
        output_width = width // stride_columns
        if width % stride_columns != 0:
            output_width = output_width + 1
    else:
        output_height = (height + 2 * padding - kernel_height) // stride_rows + 1
        output_width = (width + 2 * padding - kernel_width) // stride_columns + 1
    if output_height < 0:
        output_height = 0
    if output_width < 0:
        output_width = 0
    return (output_height, output_width)
