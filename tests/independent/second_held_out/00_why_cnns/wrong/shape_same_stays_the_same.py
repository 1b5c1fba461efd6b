"""Based on: beginner
Kind: single
Function: conv_output_shape
Mistake: Padding "same" returns the size of the input at any stride.
"""


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    # same = same size as before, nothing to calculate
    if padding == "same":
        return (hw[0], hw[1])
    if padding == "valid":
        padding = 0
    if type(kernel_size) == int:
        kernel_size = (kernel_size, kernel_size)
    if type(stride) == int:
        stride = (stride, stride)
    result = []
    for axis in range(2):
        size = hw[axis] + 2 * padding
        result.append((size - kernel_size[axis]) // stride[axis] + 1)
    return tuple(result)
