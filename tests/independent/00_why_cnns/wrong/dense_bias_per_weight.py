"""Based on: beginner
Kind: single
Function: dense_params
Mistake: Counts one bias for each weight, from the idea that every connection is a little line with its own slope and its own offset.
"""


def dense_params(n_in, n_out, bias=True):
    number_of_connections = n_in * n_out
    parameters_of_one_connection = 1
    if bias == True:
        parameters_of_one_connection = 2
    number_of_parameters = number_of_connections * parameters_of_one_connection
    return number_of_parameters
