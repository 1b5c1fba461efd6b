import numpy as np


def get_height_and_width(value):
    if type(value) is tuple or type(value) is list:
        return value[0], value[1]
    else:
        return value, value


def get_output_length(length, window, step, padding):
    if padding == "valid":
        result = (length - window) // step + 1
    elif padding == "same":
        result = int(np.ceil(length / step))
    else:
        result = (length + 2 * padding - window) // step + 1
    if result < 0:
        result = 0
    return result


def get_padding_before(length, window, step, padding):
    if padding == "valid":
        return 0
    elif padding == "same":
        output_length = get_output_length(length, window, step, padding)
        total = (output_length - 1) * step + window - length
        if total < 0:
            total = 0
        return total // 2
    else:
        return padding


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
                    results.append(np.mean(values))
    return np.array(results).reshape(number_of_images, output_height, output_width, channels)


def global_avg_pool2d(x):
    number_of_images = x.shape[0]
    channels = x.shape[3]
    results = []
    for image_number in range(number_of_images):
        means_of_this_image = []
        for channel in range(channels):
            means_of_this_image.append(np.mean(x[image_number, :, :, channel]))
        results.append(means_of_this_image)
    return np.array(results)


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
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
                    values = []
                    places = []
                    for y_position in range(row * step_down, row * step_down + window_height):
                        for x_position in range(column * step_right, column * step_right + window_width):
                            real_y = y_position - padding_top
                            real_x = x_position - padding_left
                            if real_y >= 0 and real_y < image_height:
                                if real_x >= 0 and real_x < image_width:
                                    values.append(x[image_number, real_y, real_x, channel])
                                    places.append([real_y, real_x])
                    winner = values.index(max(values))
                    winner_y = places[winner][0]
                    winner_x = places[winner][1]
                    old_value = gradient[image_number, winner_y, winner_x, channel]
                    new_value = old_value + dy[image_number, row, column, channel]
                    gradient[image_number, winner_y, winner_x, channel] = new_value
    return gradient


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
                        share = dy[image_number, row, column, channel] / len(places)
                        gradient[image_number, place[0], place[1], channel] += share
    return gradient
