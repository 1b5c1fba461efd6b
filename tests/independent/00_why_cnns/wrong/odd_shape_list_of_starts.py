"""Based on: loops
Kind: odd
Function: conv_output_shape
Mistake: Collects the starts of both axes in a set, and the columns stop when the rows are used up.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if isinstance(stride, int):
        stride = (stride, stride)
    if padding == "same":
        return -(-hw[0] // stride[0]), -(-hw[1] // stride[1])
    p = 0 if padding == "valid" else padding
    rows = set()
    cols = set()
    i = 0
    j = 0
    while i + kernel_size[0] <= hw[0] + 2 * p:
        rows.add(i)
        if j + kernel_size[1] <= hw[1] + 2 * p:
            cols.add(j)
        i += stride[0]
        j += stride[1]
    return len(rows), len(cols)
