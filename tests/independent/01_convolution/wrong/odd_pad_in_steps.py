"""Based on: beginner
Kind: odd
Function: pad2d
Mistake: Adds the zeros one row at a time, and runs the loop over left and right as often as over top and bottom.
"""


def pad2d(x, pads):
    result = x
    for _ in range(pads[0][0]):
        zero_row = np.zeros_like(result[:, :1])
        result = np.append(zero_row, result, axis=1)
        if pads[1][0] > 0:
            zero_column = np.zeros_like(result[:, :, :1])
            result = np.append(zero_column, result, axis=2)
    for _ in range(pads[0][1]):
        zero_row = np.zeros_like(result[:, :1])
        result = np.append(result, zero_row, axis=1)
        if pads[1][1] > 0:
            zero_column = np.zeros_like(result[:, :, :1])
            result = np.append(result, zero_column, axis=2)
    return result
