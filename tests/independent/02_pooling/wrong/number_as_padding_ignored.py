"""Based on: beginner
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: Only the two words are known: a number as padding is treated like valid.
"""


def get_output_length(length, window, step, padding):
    if padding == "same":
        result = int(np.ceil(length / step))
    else:
        result = (length - window) // step + 1
    if result < 0:
        result = 0
    return result


def get_padding_before(length, window, step, padding):
    if padding == "same":
        output_length = get_output_length(length, window, step, padding)
        total = (output_length - 1) * step + window - length
        if total < 0:
            total = 0
        return total // 2
    return 0
