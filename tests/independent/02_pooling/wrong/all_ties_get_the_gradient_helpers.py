"""Based on: helpers
Kind: single
Function: max_pool2d_backward
Mistake: The helper marks every pixel that is as large as the winner, so in a tie the gradient is given several times.
"""


def winners(patch):
    return patch == patch.max(axis=(1, 2), keepdims=True)
