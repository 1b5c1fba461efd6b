"""Based on: beginner
Kind: single
Function: conv2d_fast
Mistake: Calls the slow function; the values are right but nothing is faster.
"""


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    result = conv2d(x, w, b, stride, padding)
    return result
