"""Based on: beginner
Kind: odd
Function: dropout
Mistake: The learner draws places one by one until the share is reached, and a place may be drawn twice and is counted twice.
"""


def dropout(x, rate, training, rng):
    if rate < 0:
        raise ValueError("The rate is too small")
    elif rate >= 1:
        raise ValueError("The rate is too large")
    mask = np.ones(x.shape)
    if training == True:
        mask = mask / (1 - rate)
        flat_mask = mask.reshape(-1)
        how_many_to_drop = int(rate * len(flat_mask))
        dropped = 0
        while dropped < how_many_to_drop:
            place = rng.integers(0, len(flat_mask))
            flat_mask[place] = 0.0
            dropped = dropped + 1
        mask = flat_mask.reshape(x.shape)
    y = x * mask
    return y, mask
