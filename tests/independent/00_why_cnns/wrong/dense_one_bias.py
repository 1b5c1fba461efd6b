"""Based on: helpers
Kind: single
Function: dense_params
Mistake: Adds one bias for the whole layer, thinking of the bias as a single offset that all units share.
"""


def weights(n_in, n_out):
    return n_in * n_out


def dense_params(n_in, n_out, bias=True):
    return weights(n_in, n_out) + (1 if bias else 0)
