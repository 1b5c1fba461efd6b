"""Based on: beginner
Kind: single
Function: avg_pool2d
Mistake: The learner pads with zeros first, as in the exercise on convolution, and then takes the mean of each slice.
"""


def avg_pool2d(x, size=2, stride=None, padding="valid"):
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
    big_height = image_height + 2 * padding_top + window_height
    big_width = image_width + 2 * padding_left + window_width
    big_picture = np.zeros((number_of_images, big_height, big_width, channels))
    big_picture[:, padding_top : padding_top + image_height, padding_left : padding_left + image_width, :] = x
    output = np.zeros((number_of_images, output_height, output_width, channels))
    for row in range(output_height):
        for column in range(output_width):
            start_row = row * step_down
            start_column = column * step_right
            part = big_picture[:, start_row : start_row + window_height, start_column : start_column + window_width, :]
            output[:, row, column, :] = np.mean(part, axis=(1, 2))
    return output
