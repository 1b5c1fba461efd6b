"""Based on: arrays
Kind: single
Function: fold_bn_into_conv
Mistake: The factor is multiplied along the input channels of the weights.
"""


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    a = gamma / np.sqrt(moving_var + eps)
    return np.einsum("ijkc,k->ijkc", w, a), a * (b - moving_mean) + beta
