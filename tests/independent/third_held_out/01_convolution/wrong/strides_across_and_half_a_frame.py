"""Based on: beginner
Kind: double
Function: conv2d
Mistake: A pair of strides is read as (columns, rows), and an integer padding puts zeros only at the top and left.
"""

import numpy as np


def conv2d(x, w, b, stride=1, padding="valid"):
    if type(stride) == int:
        stride_rows = stride
        stride_columns = stride
    else:
        stride_rows = stride[1]
        stride_columns = stride[0]
    if padding == "same":
        pads_rows = same_padding(x.shape[1], w.shape[0], stride_rows)
        pads_columns = same_padding(x.shape[2], w.shape[1], stride_columns)
        x_padded = pad2d(x, (pads_rows, pads_columns))
    elif padding == "valid":
        x_padded = x
    else:
        x_padded = pad2d(x, ((padding, 0), (padding, 0)))
    output_height = (x_padded.shape[1] - w.shape[0]) // stride_rows + 1
    output_width = (x_padded.shape[2] - w.shape[1]) // stride_columns + 1
    if output_height < 0:
        output_height = 0
    if output_width < 0:
        output_width = 0
    list_of_images = []
    for image_number in range(x.shape[0]):
        list_of_rows = []
        for row in range(output_height):
            list_of_pixels = []
            for column in range(output_width):
                first_row = row * stride_rows
                last_row = first_row + w.shape[0]
                first_column = column * stride_columns
                last_column = first_column + w.shape[1]
                patch = x_padded[image_number, first_row:last_row, first_column:last_column, :]
                list_of_pixels.append(conv2d_step(patch, w, b))
            list_of_rows.append(list_of_pixels)
        list_of_images.append(list_of_rows)
    result = np.array(list_of_images)
    result = result.reshape(x.shape[0], output_height, output_width, w.shape[3])
    return result
