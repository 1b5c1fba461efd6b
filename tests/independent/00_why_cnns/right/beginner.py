import numpy as np


def dense_params(n_in, n_out, bias=True):
    number_of_weights = n_in * n_out
    if bias == True:
        number_of_biases = n_out
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters


def conv_params(kernel_size, c_in, c_out, bias=True):
    if type(kernel_size) == tuple or type(kernel_size) == list:
        kernel_height = kernel_size[0]
        kernel_width = kernel_size[1]
    else:
        kernel_height = kernel_size
        kernel_width = kernel_size
    number_of_weights = kernel_height * kernel_width * c_in * c_out
    if bias == True:
        number_of_biases = c_out
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters


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


def shift2d(x, dy, dx):
    x = np.array(x)
    if len(x.shape) == 4:
        list_of_images = []
        for image_number in range(x.shape[0]):
            list_of_images.append(shift2d(x[image_number], dy, dx))
        return np.array(list_of_images)
    height = x.shape[0]
    width = x.shape[1]
    list_of_rows = []
    for row in range(height):
        old_row = row - dy
        list_of_pixels = []
        for column in range(width):
            old_column = column - dx
            if old_row < 0 or old_row > height - 1:
                list_of_pixels.append(np.zeros_like(x[0, 0]))
            elif old_column < 0 or old_column > width - 1:
                list_of_pixels.append(np.zeros_like(x[0, 0]))
            else:
                list_of_pixels.append(x[old_row, old_column])
        list_of_rows.append(list_of_pixels)
    return np.array(list_of_rows)


def equivariance_gap(f, x, dy, dx):
    shifted_x = shift2d(x, dy, dx)
    result_of_shifted_x = f(shifted_x)
    result_of_x = f(x)
    shifted_result_of_x = shift2d(result_of_x, dy, dx)
    all_differences = np.array(result_of_shifted_x) * 1.0 - np.array(shifted_result_of_x) * 1.0
    absolute_differences = abs(all_differences)
    largest_difference = absolute_differences.max()
    return largest_difference
