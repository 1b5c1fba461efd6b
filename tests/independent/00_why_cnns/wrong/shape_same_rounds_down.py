"""Based on: arrays
Kind: single
Function: conv_output_shape
Mistake: Rounds down for padding "same" instead of up, because every other size in the course is a floor.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    n = np.asarray(hw)
    k = np.broadcast_to(kernel_size, 2)
    s = np.broadcast_to(stride, 2)
    if padding == "same":
        return tuple((n // s).tolist())
    p = 0 if padding == "valid" else padding
    return tuple(np.maximum((n + 2 * p - k) // s + 1, 0).tolist())
