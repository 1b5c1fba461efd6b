"""Based on: slices
Kind: double
Function: shift2d, equivariance_gap
Mistake: Positive numbers move the image up and to the left; and the gap is the mean of the absolute differences.
"""


def shift2d(x, dy, dx):
    top = 1 if x.ndim == 4 else 0
    rows, cols = x.shape[top], x.shape[top + 1]
    out = np.zeros_like(x)
    for r in range(rows):
        for c in range(cols):
            # the new pixel looks dy rows further and dx columns further
            rr, cc = r + dy, c + dx
            if 0 <= rr < rows and 0 <= cc < cols:
                if x.ndim == 4:
                    out[:, r, c] = x[:, rr, cc]
                else:
                    out[r, c] = x[rr, cc]
    return out


def equivariance_gap(f, x, dy, dx):
    first = np.array(f(shift2d(x, dy, dx)), dtype=float)
    second = np.array(shift2d(f(x), dy, dx), dtype=float)
    return float(np.abs(first - second).mean())
