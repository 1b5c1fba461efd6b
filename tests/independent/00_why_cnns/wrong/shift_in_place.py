"""Based on: beginner
Kind: single
Function: shift2d
Mistake: Moves the rows inside x itself and so writes into the array of the caller; a view is taken for a copy.
"""


def shift2d(x, dy, dx):
    result = np.asarray(x)
    original = np.array(x)
    result[...] = 0
    if len(original.shape) == 4:
        for image_number in range(original.shape[0]):
            result[image_number] = shift2d(original[image_number], dy, dx)
        return result
    height = original.shape[0]
    width = original.shape[1]
    for row in range(height):
        for column in range(width):
            new_row = row + dy
            new_column = column + dx
            if new_row >= 0 and new_row < height:
                if new_column >= 0 and new_column < width:
                    result[new_row, new_column] = original[row, column]
    return result
