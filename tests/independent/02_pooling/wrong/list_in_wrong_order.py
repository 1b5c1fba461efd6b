"""Based on: beginner
Kind: single
Function: max_pool2d
Mistake: The loop over channels is outside of the loops over places, but the list is still reshaped with the channels last.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
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
    results = []
    for image_number in range(number_of_images):
        for channel in range(channels):
            feature_map = x[image_number, :, :, channel]
            for row in range(output_height):
                for column in range(output_width):
                    first_row = row * step_down - padding_top
                    last_row = first_row + window_height
                    first_column = column * step_right - padding_left
                    last_column = first_column + window_width
                    if first_row < 0:
                        first_row = 0
                    if first_column < 0:
                        first_column = 0
                    results.append(np.max(feature_map[first_row:last_row, first_column:last_column]))
    return np.array(results).reshape(number_of_images, output_height, output_width, channels)
