"""Based on: beginner
Kind: single
Function: pad2d, conv2d, conv2d_backward, conv2d_fast
Mistake: The image stays in the top left corner, and all zeros are added below it and to the right of it.
"""

import numpy as np


def pad2d(x, pads):
    zero_rows = pads[0][0] + pads[0][1]
    zero_columns = pads[1][0] + pads[1][1]
    number_of_images = x.shape[0]
    new_height = x.shape[1] + zero_rows
    new_width = x.shape[2] + zero_columns
    result = np.zeros((number_of_images, new_height, new_width, x.shape[3]), dtype=x.dtype)
    for image_number in range(number_of_images):
        for row in range(x.shape[1]):
            for column in range(x.shape[2]):
                result[image_number, row, column] = x[image_number, row, column]
    return result
