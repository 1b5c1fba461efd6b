"""Based on: beginner
Kind: single
Function: shift2d, equivariance_gap
Mistake: The pixels at the edge are repeated where zeros should come in.
"""

import numpy as np


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
        if old_row < 0:
            old_row = 0
        if old_row > height - 1:
            old_row = height - 1
        list_of_pixels = []
        for column in range(width):
            old_column = column - dx
            if old_column < 0:
                old_column = 0
            if old_column > width - 1:
                old_column = width - 1
            list_of_pixels.append(x[old_row, old_column])
        list_of_rows.append(list_of_pixels)
    return np.array(list_of_rows)
