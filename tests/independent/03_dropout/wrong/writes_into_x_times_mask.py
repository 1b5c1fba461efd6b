"""Based on: helpers
Kind: single
Function: dropout
Mistake: apply_mask multiplies in place to save memory; the input of the caller is overwritten.
"""


def dropout(x, rate, training, rng):
    check_rate(rate)
    mask = make_mask(x.shape, rate, rng) if training else np.ones(x.shape)
    x[...] = apply_mask(x, mask)
    return x, mask
