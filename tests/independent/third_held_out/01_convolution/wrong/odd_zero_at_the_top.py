"""Based on: slices
Kind: single
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: An odd zero goes before the pixels and not after them.
"""

import numpy as np


def same_padding(n, k, s):
    out = int(np.ceil(n / s))
    total = max((out - 1) * s + k - n, 0)
    after = total // 2
    before = total - after
    return before, after
