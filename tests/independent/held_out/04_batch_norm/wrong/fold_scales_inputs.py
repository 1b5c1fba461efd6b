"""Based on: helpers
Kind: single
Function: fold_bn_into_conv
Mistake: Multiplies along the input channels: raises an error unless there are as many as filters.
"""


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    factor = factor_of(gamma, moving_var, eps)
    return w * factor[:, None], scale_and_shift(b - moving_mean, factor, beta)
