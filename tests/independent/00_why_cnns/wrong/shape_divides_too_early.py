"""Based on: helpers
Kind: single
Function: conv_output_shape
Mistake: Divides the image by the stride first and subtracts the kernel afterwards, as if the stride made the image smaller.
"""


def axis_positions(n, k, s, padding):
    if padding == "same":
        return int(np.ceil(n / s))
    if padding != "valid":
        n = n + 2 * padding
    return max(n // s - k + 1, 0)
