"""Based on: beginner
Kind: odd
Function: conv2d
Mistake: Keeps one running list of results for all images and cuts it into images in the wrong order, with the pixel number before the image number.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
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
    if output_height < 0:
        output_height = 0
    if output_width < 0:
        output_width = 0
    all_results = np.array([])
    for row in range(output_height):
        for column in range(output_width):
            for image_number in range(x.shape[0]):
                first_row = row * stride_rows
                first_column = column * stride_columns
                patch = x_padded[
                    image_number, first_row : first_row + w.shape[0], first_column : first_column + w.shape[1], :
                ]
                all_results = np.append(all_results, conv2d_step(patch, w, b))
    return all_results.reshape(x.shape[0], output_height, output_width, w.shape[3])
