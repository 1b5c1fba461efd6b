"""Based on: helpers
Kind: odd
Function: batch_norm_train
Mistake: If the moving statistics are still 0 and 1, the batch is taken for the first one and its statistics are returned as they are.
"""


def blend(old, new, momentum):
    if (old == 0).all() or (old == 1).all():
        return new
    return momentum * old + (1 - momentum) * new
