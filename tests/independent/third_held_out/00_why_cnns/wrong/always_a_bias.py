"""Based on: helpers
Kind: single
Function: dense_params, conv_params
Mistake: The biases are counted even if the caller says that there are none.
"""


def weights_per_unit(n_inputs, bias):
    return n_inputs + 1
