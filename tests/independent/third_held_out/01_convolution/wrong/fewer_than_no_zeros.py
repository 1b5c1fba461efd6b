"""Based on: loops
Kind: single
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: If the windows leave pixels over, as a kernel of 1 at stride 2 does, the padding becomes negative.
"""


def same_padding(n, k, s):
    windows = 0
    start = 0
    while start < n:
        windows += 1
        start += s
    last_end = (windows - 1) * s + k
    missing = last_end - n
    before = missing // 2
    after = missing - before
    return before, after
