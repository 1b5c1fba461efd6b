"""Based on: beginner
Kind: single
Function: dropout
Mistake: The mask is worked out afterwards from the zeros in y, so a unit whose x is 0 is said to be off.
"""


def dropout(x, rate, training, rng):
    if rate < 0:
        raise ValueError("The rate is too small")
    elif rate >= 1:
        raise ValueError("The rate is too large")
    if training == False:
        mask = np.ones(x.shape)
        y = x * mask
        return y, mask
    else:
        probability_on = 1 - rate
        flat_values = x.reshape(-1)
        output_list = []
        for value in flat_values:
            fate = rng.choice(["on", "off"], p=[probability_on, rate])
            if fate == "off":
                output_list.append(0.0)
            else:
                output_list.append(value * (1 / probability_on))
        y = np.array(output_list).reshape(x.shape)
        mask = np.where(y == 0, 0.0, 1 / probability_on)
        return y, mask
