"""Based on: beginner
Kind: single
Function: dropout
Mistake: The rate is checked in the branch for training only.
"""


def dropout(x, rate, training, rng):
    if training == False:
        return x * 1.0, np.ones(x.shape)
    if rate < 0 or rate >= 1:
        raise ValueError("The rate is wrong")
    probability_on = 1 - rate
    mask_list = []
    for number in range(x.size):
        if rng.random() < rate:
            mask_list.append(0.0)
        else:
            mask_list.append(1 / probability_on)
    mask = np.array(mask_list).reshape(x.shape)
    y = x * mask
    return y, mask
