"""Based on: slices
Kind: single
Function: dense_params
Mistake: Adds the number of inputs and the number of units instead of multiplying them, as if each input and each unit owned one number.
"""


def dense_params(n_in, n_out, bias=True):
    weights = n_in + n_out
    return weights + n_out if bias else weights
