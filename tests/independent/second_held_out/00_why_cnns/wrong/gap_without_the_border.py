"""Based on: loops
Kind: single
Function: equivariance_gap
Mistake: The rows and columns where zeros came in are left out of the comparison.
"""


def equivariance_gap(f, x, dy, dx):
    a = np.asarray(f(shift2d(x, dy, dx)), dtype=float)
    b = np.asarray(shift2d(f(x), dy, dx), dtype=float)
    diff = np.abs(a - b)
    if diff.ndim == 4:
        diff = diff.transpose(1, 2, 0, 3)
    # the border is not a fair comparison because of the zeros
    if dy > 0:
        diff = diff[dy:]
    elif dy < 0:
        diff = diff[:dy]
    if dx > 0:
        diff = diff[:, dx:]
    elif dx < 0:
        diff = diff[:, :dx]
    return float(diff.max()) if diff.size else 0.0
