"""Based on: helpers
Kind: double
Function: pad2d, conv2d, conv2d_backward, conv2d_fast
Mistake: The padding repeats the border pixels, and the gradient of the bias is a mean.
"""

import numpy as np


def pad2d(x, pads):
    return np.pad(x, ((0, 0), pads[0], pads[1], (0, 0)), mode="edge")


def grad_bias(dy):
    return dy.reshape(-1, dy.shape[-1]).mean(axis=0)
