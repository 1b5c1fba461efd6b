"""Based on: arrays
Kind: single
Function: fold_bn_into_conv
Mistake: The factor is laid along the first axis of the weights, the rows of the kernel, and not along the filters.
"""


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    scale = gamma / np.sqrt(moving_var + eps)
    new_w = w * scale.reshape(-1, 1, 1, 1)  # filters
    new_b = (b - moving_mean) * scale + beta
    return new_w, new_b
