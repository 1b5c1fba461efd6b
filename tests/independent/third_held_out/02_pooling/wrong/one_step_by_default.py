"""Based on: beginner
Kind: single
Function: max_pool2d
Mistake: Without a stride the window moves on by one pixel and not by its size.
"""

import numpy as np


def max_pool2d(x, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = 1
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
    results = []
    for image_number in range(number_of_images):
        for row in range(output_height):
            for column in range(output_width):
                for channel in range(channels):
                    values = np.array([])
                    for y_position in range(row * step_down, row * step_down + window_height):
                        for x_position in range(column * step_right, column * step_right + window_width):
                            real_y = y_position - padding_top
                            real_x = x_position - padding_left
                            if real_y >= 0 and real_y < image_height:
                                if real_x >= 0 and real_x < image_width:
                                    values = np.append(values, x[image_number, real_y, real_x, channel])
                    results.append(np.max(values))
    return np.array(results).reshape(number_of_images, output_height, output_width, channels)
