"""Based on: loops
Kind: single
Function: dense_params
Mistake: Always counts the biases and never looks at the argument bias, because "a neuron has a bias".
"""


def dense_params(n_in, n_out, bias=True):
    count = 0
    for _ in range(n_out):
        count += n_in + 1
    return count
