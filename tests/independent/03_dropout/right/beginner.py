import numpy as np


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


def dropout_backward(dy, mask):
    flat_gradient = dy.reshape(-1)
    flat_mask = mask.reshape(-1)
    result = np.array([])
    for index in range(len(flat_gradient)):
        if flat_mask[index] == 0:
            result = np.append(result, 0.0)
        else:
            result = np.append(result, flat_gradient[index] * flat_mask[index])
    return result.reshape(dy.shape)


def dropout_moments(x, rate):
    flat_values = x.reshape(-1)
    means = []
    variances = []
    for value in flat_values:
        output_off = 0
        output_on = value / (1 - rate)
        mean = rate * output_off + (1 - rate) * output_on
        mean_of_square = rate * output_off**2 + (1 - rate) * output_on**2
        means.append(mean)
        variances.append(mean_of_square - mean**2)
    return np.array(means).reshape(x.shape), np.array(variances).reshape(x.shape)
