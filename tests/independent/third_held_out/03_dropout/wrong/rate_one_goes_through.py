"""Based on: beginner
Kind: single
Function: dropout
Mistake: A rate of exactly 1 is accepted, and only larger ones raise an error.
"""

import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0:
        raise ValueError("The rate is too small")
    elif rate > 1:
        raise ValueError("The rate is too large")
    if training == False:
        mask = np.ones(x.shape)
        y = x * mask
        return y, mask
    else:
        probability_on = 1 - rate
        flat_values = x.reshape(-1)
        mask_list = []
        output_list = []
        for value in flat_values:
            fate = rng.choice(["on", "off"], p=[probability_on, rate])
            if fate == "off":
                mask_list.append(0.0)
                output_list.append(0.0)
            else:
                mask_list.append(1 / probability_on)
                output_list.append(value * (1 / probability_on))
        mask = np.array(mask_list).reshape(x.shape)
        y = np.array(output_list).reshape(x.shape)
        return y, mask
