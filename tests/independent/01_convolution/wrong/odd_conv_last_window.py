"""Based on: slices
Kind: odd
Function: conv2d
Mistake: Adds a last window that is pushed back to fit when the stride does not divide the rest, so that no pixel is left out.
"""


def starts(n, k, s):
    result = list(range(0, n - k + 1, s))
    if result and result[-1] + k < n:
        result.append(n - k)
    return result


def conv2d(x, w, b, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        x = pad2d(x, (same_padding(H, kh, sh), same_padding(W, kw, sw)))
    elif padding != "valid":
        x = pad2d(x, ((padding, padding), (padding, padding)))
    rows = starts(x.shape[1], kh, sh)
    cols = starts(x.shape[2], kw, sw)
    y = np.zeros((N, len(rows), len(cols), c_out))
    for n in range(N):
        for i, r in enumerate(rows):
            for j, c in enumerate(cols):
                y[n, i, j] = conv2d_step(x[n, r : r + kh, c : c + kw], w, b)
    return y
