"""Based on: slices
Kind: odd
Function: dense_params
Mistake: Leaves out the biases when the layer has more units than inputs, from the half-remembered remark that biases hardly matter in large layers.
"""


def dense_params(n_in, n_out, bias=True):
    if not bias or n_out > n_in:
        return n_in * n_out
    return n_in * n_out + n_out
