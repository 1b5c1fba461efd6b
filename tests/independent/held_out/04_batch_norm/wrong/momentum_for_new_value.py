"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: Takes the momentum for the share of the new value.
"""


def blend(old, new, momentum):
    return (1 - momentum) * old + momentum * new
