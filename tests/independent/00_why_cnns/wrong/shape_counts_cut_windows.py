"""Based on: loops
Kind: single
Function: conv_output_shape
Mistake: Also counts a last window that hangs over the border, from the idea that no pixel may be left out.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if isinstance(stride, int):
        stride = (stride, stride)
    out = []
    for axis in range(2):
        n = hw[axis]
        k = kernel_size[axis]
        s = stride[axis]
        if padding == "same":
            out.append((n + s - 1) // s)
            continue
        p = 0 if padding == "valid" else padding
        count = 0
        start = 0
        end = k
        while end < n + 2 * p + s:
            count += 1
            end += s
        out.append(count)
    return tuple(out)
