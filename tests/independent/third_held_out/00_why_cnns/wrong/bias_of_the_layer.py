"""Based on: beginner
Kind: single
Function: dense_params
Mistake: The whole layer has a single bias, instead of one for each unit.
"""


def dense_params(n_in, n_out, bias=True):
    number_of_weights = n_in * n_out
    if bias == True:
        number_of_biases = 1
    else:
        number_of_biases = 0
    number_of_parameters = number_of_weights + number_of_biases
    return number_of_parameters
