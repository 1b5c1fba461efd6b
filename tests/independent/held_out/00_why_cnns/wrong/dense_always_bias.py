"""Based on: loops
Kind: single
Function: dense_params
Mistake: Never looks at the argument bias: the biases are counted even where there are none.
"""


def dense_params(n_in, n_out, bias=True):
    count = 0
    for _ in range(n_out):
        count += n_in
        count += 1
    return count
