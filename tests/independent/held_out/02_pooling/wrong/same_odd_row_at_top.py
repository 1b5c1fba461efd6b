"""Based on: beginner
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With the padding same, the odd row goes to the top and the odd column to the left.
"""


def get_padding_before(length, window, step, padding):
    if padding == "valid":
        return 0
    elif padding == "same":
        output_length = get_output_length(length, window, step, padding)
        total = (output_length - 1) * step + window - length
        if total < 0:
            total = 0
        return (total + 1) // 2
    else:
        return padding
