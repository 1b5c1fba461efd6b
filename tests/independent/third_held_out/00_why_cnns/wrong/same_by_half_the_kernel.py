"""Based on: helpers
Kind: single
Function: conv_output_shape
Mistake: Padding "same" is taken as k // 2 on each side, which gives a row too many for an even kernel.
"""


def axis_positions(n, k, s, padding):
    if padding == "valid":
        padding = 0
    if padding == "same":
        padding = k // 2
    return max((n + 2 * padding - k) // s + 1, 0)
