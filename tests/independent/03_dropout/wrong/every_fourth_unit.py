"""Based on: loops
Kind: odd
Function: dropout
Mistake: Every k-th unit is dropped, with k = 1 / rate rounded, from a random start; a rate above a half drops all units or every second one.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    step = round(1 / rate) if rate > 0 else 0
    count = int(rng.integers(0, step)) if training and step > 0 else 0
    for idx in np.ndindex(x.shape):
        if training:
            if step > 0 and count % step == 0:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
            count += 1
        y[idx] = x[idx] * mask[idx]
    return y, mask
