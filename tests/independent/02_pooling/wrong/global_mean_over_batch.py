"""Based on: beginner
Kind: single
Function: global_avg_pool2d
Mistake: The mean of a channel is taken over all images together, and the same row is given to each image.
"""


def global_avg_pool2d(x):
    number_of_images = x.shape[0]
    channels = x.shape[3]
    means = []
    for channel in range(channels):
        means.append(np.mean(x[:, :, :, channel]))
    results = []
    for image_number in range(number_of_images):
        results.append(means)
    return np.array(results)
