"""Based on: helpers
Kind: single
Function: batch_norm_train
Mistake: The momentum is the share of the new value, as in PyTorch.
"""


def blend(old, new, momentum):
    return (1 - momentum) * old + momentum * new
