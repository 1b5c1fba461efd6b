"""Based on: arrays
Kind: single
Function: dense_params
Mistake: Puts the bias on the side of the inputs, so there are n_in of them; the two sides of the matrix are confused.
"""


def dense_params(n_in, n_out, bias=True):
    return n_in * (n_out + int(bias))
