import numpy as np


def same_padding(n, k, s):
    if n % s == 0:
        number_of_windows = n // s
    else:
        number_of_windows = n // s + 1
    pixels_needed = (number_of_windows - 1) * s + k
    if pixels_needed <= n:
        return (0, 0)
    zeros_needed = pixels_needed - n
    if zeros_needed % 2 == 0:
        before = zeros_needed // 2
        after = zeros_needed // 2
    else:
        before = zeros_needed // 2
        after = zeros_needed // 2 + 1
    return (before, after)


def pad2d(x, pads):
    top = pads[0][0]
    bottom = pads[0][1]
    left = pads[1][0]
    right = pads[1][1]
    number_of_images = x.shape[0]
    channels = x.shape[3]
    zeros_top = np.zeros((number_of_images, top, x.shape[2], channels), dtype=x.dtype)
    zeros_bottom = np.zeros((number_of_images, bottom, x.shape[2], channels), dtype=x.dtype)
    result = np.append(zeros_top, x, axis=1)
    result = np.append(result, zeros_bottom, axis=1)
    new_height = result.shape[1]
    zeros_left = np.zeros((number_of_images, new_height, left, channels), dtype=x.dtype)
    zeros_right = np.zeros((number_of_images, new_height, right, channels), dtype=x.dtype)
    result = np.append(zeros_left, result, axis=2)
    result = np.append(result, zeros_right, axis=2)
    return result


def conv2d_step(patch, w, b):
    results = []
    for filter_number in range(w.shape[3]):
        one_filter = w[:, :, :, filter_number]
        products = patch * one_filter
        result = products.sum()
        result = result + b[filter_number]
        results.append(result)
    return np.array(results)


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
    last_real_row = pads_rows[0] + x.shape[1]
    first_real_column = pads_columns[0]
    last_real_column = pads_columns[0] + x.shape[2]
    dx = dx_padded[:, first_real_row:last_real_row, first_real_column:last_real_column, :]
    return dx, dw, db


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
            piece = piece[:, ::stride_rows, ::stride_columns, :]
            piece = piece[:, :output_height, :output_width, :]
            rows_of_pixels = piece.reshape(x.shape[0] * output_height * output_width, x.shape[3])
            part_of_result = np.dot(rows_of_pixels, w[kernel_row, kernel_column])
            result = result + part_of_result.reshape(result.shape)
    result = result + b
    return result
