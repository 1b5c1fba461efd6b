"""Based on: beginner
Kind: single
Function: dropout
Mistake: A wrong rate prints a message and the function returns nothing.
"""


def dropout(x, rate, training, rng):
    if rate < 0:
        print("The rate is too small")
        return None
    elif rate >= 1:
        print("The rate is too large")
        return None
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
