"""Based on: beginner
Kind: single
Function: max_pool2d_backward
Mistake: The gradient is multiplied by the winning pixel, since backward passes are remembered as gradient times input.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = size
    window_height, window_width = get_height_and_width(size)
    step_down, step_right = get_height_and_width(stride)
    number_of_images = x.shape[0]
    image_height = x.shape[1]
    image_width = x.shape[2]
    channels = x.shape[3]
    padding_top = get_padding_before(image_height, window_height, step_down, padding)
    padding_left = get_padding_before(image_width, window_width, step_right, padding)
    gradient = np.zeros((number_of_images, image_height, image_width, channels))
    for image_number in range(number_of_images):
        for row in range(dy.shape[1]):
            for column in range(dy.shape[2]):
                top = max(row * step_down - padding_top, 0)
                left = max(column * step_right - padding_left, 0)
                bottom = row * step_down - padding_top + window_height
                right = column * step_right - padding_left + window_width
                for channel in range(channels):
                    window = x[image_number, top:bottom, left:right, channel]
                    largest = np.max(window)
                    winner = np.argwhere(window == largest)[0]
                    change = largest * dy[image_number, row, column, channel]
                    gradient[image_number, top + winner[0], left + winner[1], channel] += change
    return gradient
