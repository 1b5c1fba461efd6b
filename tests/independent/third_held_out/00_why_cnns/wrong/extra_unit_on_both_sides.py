"""Based on: arrays
Kind: single
Function: dense_params
Mistake: The layer of outputs gets an extra bias unit too, which is connected to every input like the others.
"""


def dense_params(n_in, n_out, bias=True):
    extra = int(bias)
    return (n_in + extra) * (n_out + extra)
