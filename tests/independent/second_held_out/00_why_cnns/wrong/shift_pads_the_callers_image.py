"""Based on: arrays
Kind: single
Function: shift2d
Mistake: `out = x` is no copy: the rows and columns that leave are set to zero in the caller's array.
"""


def shift2d(x, dy, dx):
    out = x
    r, c = (1, 2) if x.ndim == 4 else (0, 1)
    rows = np.moveaxis(out, r, 0)
    H = rows.shape[0]
    # erase what is going to leave, then roll
    if dy > 0:
        rows[max(H - dy, 0) :] = 0
    elif dy < 0:
        rows[:-dy] = 0
    cols = np.moveaxis(out, c, 0)
    W = cols.shape[0]
    if dx > 0:
        cols[max(W - dx, 0) :] = 0
    elif dx < 0:
        cols[:-dx] = 0
    return np.roll(out, (dy, dx), axis=(r, c))
