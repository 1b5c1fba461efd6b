"""Based on: helpers
Kind: single
Function: fold_bn_into_conv
Mistake: The factor is gamma over the variance, without the root.
"""


def factor_of(gamma, var, eps):
    return gamma / (var + eps)
