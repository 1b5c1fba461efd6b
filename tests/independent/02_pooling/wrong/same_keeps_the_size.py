"""Based on: beginner
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With same the output is as large as the input, which is what the word says, whatever the stride is.
"""


def get_output_length(length, window, step, padding):
    if padding == "same":
        return length
    if padding == "valid":
        padding = 0
    result = (length + 2 * padding - window) // step + 1
    if result < 0:
        result = 0
    return result
