"""Based on: beginner
Kind: odd
Function: shift2d
Mistake: Moves one pixel down and one to the right in turn until either count is used up, so the longer of the two moves is cut to the shorter.
"""


def move_by_one(image, step_rows, step_columns):
    result = np.zeros_like(image)
    height = image.shape[0]
    width = image.shape[1]
    for row in range(height):
        for column in range(width):
            if 0 <= row + step_rows < height and 0 <= column + step_columns < width:
                result[row + step_rows, column + step_columns] = image[row, column]
    return result


def shift2d(x, dy, dx):
    x = np.array(x)
    if len(x.shape) == 4:
        list_of_images = []
        for image_number in range(x.shape[0]):
            list_of_images.append(shift2d(x[image_number], dy, dx))
        return np.array(list_of_images)
    result = x.copy()
    if dy == 0:
        number_of_moves = abs(dx)
    elif dx == 0:
        number_of_moves = abs(dy)
    else:
        number_of_moves = min(abs(dy), abs(dx))
    for _ in range(number_of_moves):
        result = move_by_one(result, int(np.sign(dy)), int(np.sign(dx)))
    return result
