"""Based on: slices
Kind: single
Function: fold_bn_into_conv
Mistake: The old bias is added as it is; only the moving mean is multiplied by the factor.
"""


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    factor = gamma / np.sqrt(moving_var + eps)
    new_w = w * factor
    # the bias stays, and batch norm adds its own part
    new_b = b + beta - moving_mean * factor
    return new_w, new_b
