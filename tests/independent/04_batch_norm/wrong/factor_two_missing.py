"""Based on: helpers
Kind: single
Function: batch_norm_backward
Mistake: The derivative of the square is taken without its factor 2.
"""


def variance_path(dxhat, centred, std):
    dvar = (dxhat * centred).sum(axis=0) * -0.5 / std**3
    return dvar * centred / len(centred)
