"""Based on: helpers
Kind: single
Function: batch_norm_backward
Mistake: The path of the variance has the wrong sign: the minus of the derivative of 1 / sqrt is forgotten.
"""


def variance_path(dxhat, centred, std):
    dvar = (dxhat * centred).sum(axis=0) * 0.5 / std**3
    return dvar * 2 * centred / len(centred)
