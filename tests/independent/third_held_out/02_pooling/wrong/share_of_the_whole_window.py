"""Based on: beginner
Kind: single
Function: avg_pool2d_backward
Mistake: The gradient is divided by the size of the whole window, so the share of the padding is lost.
"""

import numpy as np


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
                        share = dy[image_number, row, column, channel] / (window_height * window_width)
                        gradient[image_number, place[0], place[1], channel] += share
    return gradient
