"""Based on: beginner
Kind: single
Function: conv2d_backward
Mistake: The padding is cut off with a negative end, which leaves nothing if there are no zeros at the end.
"""

import numpy as np


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    if type(stride) == int:
        stride_rows = stride
        stride_columns = stride
    else:
        stride_rows = stride[0]
        stride_columns = stride[1]
    if padding == "same":
        pads_rows = same_padding(x.shape[1], w.shape[0], stride_rows)
        pads_columns = same_padding(x.shape[2], w.shape[1], stride_columns)
        x_padded = pad2d(x, (pads_rows, pads_columns))
    elif padding == "valid":
        pads_rows = (0, 0)
        pads_columns = (0, 0)
        x_padded = x
    else:
        pads_rows = (padding, padding)
        pads_columns = (padding, padding)
        x_padded = pad2d(x, ((padding, padding), (padding, padding)))
    dx_padded = np.zeros(x_padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(w.shape[3])
    for image_number in range(dy.shape[0]):
        for row in range(dy.shape[1]):
            for column in range(dy.shape[2]):
                first_row = row * stride_rows
                last_row = first_row + w.shape[0]
                first_column = column * stride_columns
                last_column = first_column + w.shape[1]
                patch = x_padded[image_number, first_row:last_row, first_column:last_column, :]
                for filter_number in range(w.shape[3]):
                    gradient = dy[image_number, row, column, filter_number]
                    db[filter_number] = db[filter_number] + gradient
                    dw[:, :, :, filter_number] = dw[:, :, :, filter_number] + patch * gradient
                    dx_padded[image_number, first_row:last_row, first_column:last_column, :] += (
                        w[:, :, :, filter_number] * gradient
                    )
    first_real_row = pads_rows[0]
    last_real_row = -pads_rows[1]
    first_real_column = pads_columns[0]
    last_real_column = -pads_columns[1]
    dx = dx_padded[:, first_real_row:last_real_row, first_real_column:last_real_column, :]
    return dx, dw, db
