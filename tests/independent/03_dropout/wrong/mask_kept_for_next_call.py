"""Based on: helpers
Kind: odd
Function: dropout
Mistake: The mask is kept for each shape and rate and used again, so that forward and backward surely agree; it is drawn only once.
"""

masks = {}


def make_mask(shape, rate, rng):
    if (shape, rate) not in masks:
        masks[shape, rate] = Coin(rate, rng).toss(shape) * scale_of(rate)
    return masks[shape, rate]
