"""Based on: loops
Kind: single
Function: dropout
Mistake: 0 is chosen with probability 1 - rate and 1 with probability rate.
"""


def dropout(x, rate, training, rng):
    if training:
        if not 0 <= rate < 1:
            raise ValueError("bad rate: %s" % rate)
        on_off = rng.choice([0.0, 1.0], size=x.shape, p=[1 - rate, rate])
        mask = on_off * (1 / (1 - rate))
    else:
        mask = np.ones(x.shape)
    return x * mask, mask
