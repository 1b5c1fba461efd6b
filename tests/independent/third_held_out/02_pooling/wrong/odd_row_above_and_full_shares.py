"""Based on: beginner
Kind: double
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: The odd row of padding "same" goes to the top, and avg_pool2d_backward gives each pixel the whole gradient.
"""

import numpy as np


def get_padding_before(length, window, step, padding):
    if padding == "valid":
        return 0
    elif padding == "same":
        output_length = get_output_length(length, window, step, padding)
        total = (output_length - 1) * step + window - length
        if total < 0:
            total = 0
        return (total + 1) // 2
    else:
        return padding


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = size
    window_height, window_width = get_height_and_width(size)
    step_down, step_right = get_height_and_width(stride)
    number_of_images = x.shape[0]
    image_height = x.shape[1]
    image_width = x.shape[2]
    channels = x.shape[3]
    output_height = get_output_length(image_height, window_height, step_down, padding)
    output_width = get_output_length(image_width, window_width, step_right, padding)
    padding_top = get_padding_before(image_height, window_height, step_down, padding)
    padding_left = get_padding_before(image_width, window_width, step_right, padding)
    gradient = np.zeros((number_of_images, image_height, image_width, channels))
    for image_number in range(number_of_images):
        for row in range(output_height):
            for column in range(output_width):
                for channel in range(channels):
                    places = []
                    for y_position in range(row * step_down, row * step_down + window_height):
                        for x_position in range(column * step_right, column * step_right + window_width):
                            real_y = y_position - padding_top
                            real_x = x_position - padding_left
                            if real_y >= 0 and real_y < image_height:
                                if real_x >= 0 and real_x < image_width:
                                    places.append([real_y, real_x])
                    for place in places:
                        share = dy[image_number, row, column, channel]
                        gradient[image_number, place[0], place[1], channel] += share
    return gradient
