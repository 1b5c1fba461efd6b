"""Based on: beginner
Kind: single
Function: dropout
Mistake: A unit that is on simply gets the mask 1 and its own value.
"""


def dropout(x, rate, training, rng):
    if rate < 0:
        raise ValueError("The rate is too small")
    elif rate >= 1:
        raise ValueError("The rate is too large")
    mask = np.ones(x.shape)
    if training == True:
        mask_list = []
        for number in range(x.size):
            random_number = rng.random()
            if random_number < rate:
                mask_list.append(0.0)
            else:
                mask_list.append(1.0)
        mask = np.array(mask_list).reshape(x.shape)
    y = x * mask
    return y, mask
