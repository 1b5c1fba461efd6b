"""Based on: helpers
Kind: single
Function: conv_output_shape
Mistake: Knows only the words "same" and "valid"; a number as padding is treated like "valid".
"""


def axis_positions(n, k, s, padding):
    if padding == "same":
        return int(np.ceil(n / s))
    return max((n - k) // s + 1, 0)
