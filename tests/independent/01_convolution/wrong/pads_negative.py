"""Based on: slices
Kind: single
Function: same_padding
Mistake: Does not stop at zero, so a stride larger than the kernel gives a negative number of zeros.
"""


def same_padding(n, k, s):
    out = int(np.ceil(n / s))
    total = (out - 1) * s + k - n
    return total // 2, total - total // 2
