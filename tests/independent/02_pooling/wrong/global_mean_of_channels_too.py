"""Based on: helpers
Kind: single
Function: global_avg_pool2d
Mistake: Global is understood as everything: the mean runs over rows, columns and channels, and each image keeps one number.
"""


def global_avg_pool2d(x):
    return np.array([[image.mean()] for image in x])
