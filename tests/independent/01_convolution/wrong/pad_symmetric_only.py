"""Based on: beginner
Kind: single
Function: pad2d
Mistake: Reads only the first number of each pair and puts it on both sides.
"""


def pad2d(x, pads):
    top = pads[0][0]
    bottom = pads[0][0]
    left = pads[1][0]
    right = pads[1][0]
    number_of_images = x.shape[0]
    channels = x.shape[3]
    zeros_top = np.zeros((number_of_images, top, x.shape[2], channels), dtype=x.dtype)
    zeros_bottom = np.zeros((number_of_images, bottom, x.shape[2], channels), dtype=x.dtype)
    result = np.append(zeros_top, x, axis=1)
    result = np.append(result, zeros_bottom, axis=1)
    new_height = result.shape[1]
    zeros_left = np.zeros((number_of_images, new_height, left, channels), dtype=x.dtype)
    zeros_right = np.zeros((number_of_images, new_height, right, channels), dtype=x.dtype)
    result = np.append(zeros_left, result, axis=2)
    result = np.append(result, zeros_right, axis=2)
    return result
