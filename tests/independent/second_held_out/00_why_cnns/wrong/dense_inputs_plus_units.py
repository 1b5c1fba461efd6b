"""Based on: slices
Kind: single
Function: dense_params
Mistake: Inputs and units are added up, not multiplied.
"""


def dense_params(n_in, n_out, bias=True):
    weights = n_in + n_out
    return weights + n_out if bias else weights
