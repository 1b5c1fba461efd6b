"""Based on: beginner
Kind: single
Function: dense_params
Mistake: Each input gets a bias, and the units get none.
"""


def dense_params(n_in, n_out, bias=True):
    # every input has one line to every unit
    lines = n_in * n_out
    if bias:
        # and one bias for every input
        lines = lines + n_in
    return lines
