"""Based on: loops
Kind: single
Function: conv_output_shape
Mistake: Adds the padding once per axis instead of on both sides.
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
        while start + k <= n + p:
            count += 1
            start += s
        out.append(count)
    return tuple(out)
