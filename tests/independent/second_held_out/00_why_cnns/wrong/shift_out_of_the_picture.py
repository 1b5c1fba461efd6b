"""Based on: beginner
Kind: single
Function: shift2d
Mistake: A shift that is larger than the image makes the end of a slice negative, and raises ValueError.
"""


def shift2d(x, dy, dx):
    result = np.zeros_like(x)
    if x.ndim == 4:
        height, width = x.shape[1], x.shape[2]
        before = (slice(None),)
    else:
        height, width = x.shape[0], x.shape[1]
        before = ()

    # rows: where it goes, where it comes from
    if dy >= 0:
        to_rows = slice(dy, height)
        from_rows = slice(0, height - dy)
    else:
        to_rows = slice(0, height + dy)
        from_rows = slice(-dy, height)
    # columns, the same thing
    if dx >= 0:
        to_cols = slice(dx, width)
        from_cols = slice(0, width - dx)
    else:
        to_cols = slice(0, width + dx)
        from_cols = slice(-dx, width)

    result[before + (to_rows, to_cols)] = x[before + (from_rows, from_cols)]
    return result
