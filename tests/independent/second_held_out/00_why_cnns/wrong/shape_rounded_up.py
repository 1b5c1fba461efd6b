"""Based on: arrays
Kind: single
Function: conv_output_shape
Mistake: The number of windows is rounded up, so a window that does not fit is counted.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    n = np.asarray(hw)
    k = np.broadcast_to(kernel_size, 2)
    s = np.broadcast_to(stride, 2)
    if padding == "same":
        return tuple(int(v) for v in np.ceil(n / s))
    p = 0 if padding == "valid" else padding
    return tuple(int(v) for v in np.ceil((n + 2 * p - k) / s) + 1)
