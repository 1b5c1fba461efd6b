"""Based on: beginner
Kind: single
Function: conv2d_fast
Mistake: Uses the stride of the rows for the columns too.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
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
        x_padded = x
    else:
        x_padded = pad2d(x, ((padding, padding), (padding, padding)))
    output_height = (x_padded.shape[1] - w.shape[0]) // stride_rows + 1
    output_width = (x_padded.shape[2] - w.shape[1]) // stride_columns + 1
    if output_height <= 0 or output_width <= 0:
        return np.zeros((x.shape[0], max(output_height, 0), max(output_width, 0), w.shape[3]))
    result = np.zeros((x.shape[0], output_height, output_width, w.shape[3]))
    for kernel_row in range(w.shape[0]):
        for kernel_column in range(w.shape[1]):
            piece = x_padded[:, kernel_row:, kernel_column:, :]
            piece = piece[:, ::stride_rows, ::stride_rows, :]
            piece = piece[:, :output_height, :output_width, :]
            rows_of_pixels = piece.reshape(x.shape[0] * output_height * output_width, x.shape[3])
            part_of_result = np.dot(rows_of_pixels, w[kernel_row, kernel_column])
            result = result + part_of_result.reshape(result.shape)
    result = result + b
    return result
