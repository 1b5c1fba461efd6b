"""Based on: slices
Kind: double
Function: same_padding
Mistake: Puts the odd zero before; and lets the number of zeros become negative.
"""


def same_padding(n, k, s):
    out = int(np.ceil(n / s))
    total = (out - 1) * s + k - n
    return total - total // 2, total // 2
