"""Based on: helpers
Kind: single
Function: conv2d_step
Mistake: The sums of the input channels are averaged and not added up.
"""

import numpy as np


def conv2d_step(patch, w, b):
    n_channels = patch.shape[-1]
    per_channel = [flat_filters(w[:, :, c]).T @ patch[:, :, c].reshape(-1) for c in range(n_channels)]
    return np.mean(per_channel, axis=0) + b
