"""Based on: slices
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: A pair for the size of the window is read as (columns, rows).
"""

import numpy as np


def read_sizes(size, stride):
    kw, kh = (size, size) if np.isscalar(size) else size
    if stride is None:
        return kh, kw, kh, kw
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    return kh, kw, sh, sw
