"""Pooling in NumPy: look at an image through small windows and keep one number per window.

    x (4, 4), size 2, stride 2            max              average

    +---+---+---+---+
    | 1 | 3 | 2 | 0 |     +---+---+      +---+---+        +-----+-----+
    +---+---+---+---+     | a | b |      | 7 | 8 |        |  4  |  3  |
    | 5 | 7 | 8 | 2 |     +---+---+      +---+---+        +-----+-----+
    +---+---+---+---+     | c | d |      | 9 | 6 |        |  4  | 4.5 |
    | 4 | 0 | 6 | 3 |     +---+---+      +---+---+        +-----+-----+
    +---+---+---+---+
    | 9 | 3 | 5 | 4 |     7 = max(1, 3, 5, 7)             4 = (1 + 3 + 5 + 7) / 4
    +---+---+---+---+

Pooling has no weights to learn. It makes maps smaller, so the later layers are cheaper and see more of the image. It
softens small shifts: the output changes less than the image, because most maxima stay the same or nearly so. Each
channel is pooled separately.

References: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998; Lin, Chen,
Yan, "Network in Network", 2013 (global average pooling); Keras 3, `MaxPooling2D`, `AveragePooling2D`.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def max_pool2d_loops(x, size=2, stride=None, padding="valid"):
    """Compute `max_pool2d` one window at a time: read this first."""
    x, (KH, KW), (SH, SW), pads, (OH, OW) = _plan(x, size, stride, padding)
    N, _, _, C = x.shape
    padded = np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=_lowest(x.dtype))
    y = np.empty((N, OH, OW, C), x.dtype)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    y[n, i, j, c] = padded[n, i * SH : i * SH + KH, j * SW : j * SW + KW, c].max()
    return y


def max_pool2d(x, size=2, stride=None, padding="valid"):
    """Keep the largest number of each window.

    Parameters
    ----------
    x : array (N, H, W, C). It is not modified.
    size : int or (KH, KW). The window.
    stride : int or (SH, SW). The default is the size: windows touch and do not overlap.
    padding : "valid", "same" or an int smaller than the size.
        Padding never wins: it counts as minus infinity.

    Returns
    -------
    y : array (N, OH, OW, C).
        valid: OH = (H - KH) // SH + 1;  same: OH = ceil(H / SH);  int p: OH = (H + 2p - KH) // SH + 1

    Raises
    ------
    ValueError
        If x does not have four axes, a size or stride is below 1, the padding is unknown, or an int padding is not
        smaller than the size.

    Cost: KH * KW comparisons per output.

    >>> x = np.array([[1, 3, 2, 0], [5, 7, 8, 2], [4, 0, 6, 3], [9, 3, 5, 4.0]]).reshape(1, 4, 4, 1)
    >>> max_pool2d(x)[0, :, :, 0]
    array([[7., 8.],
           [9., 6.]])
    >>> max_pool2d(x, size=3, stride=1)[0, :, :, 0]
    array([[8., 8.],
           [9., 8.]])
    """
    return _windows(x, size, stride, padding, _lowest(np.asarray(x).dtype)).max(axis=(-2, -1))


def avg_pool2d_loops(x, size=2, stride=None, padding="valid"):
    """Compute `avg_pool2d` one window at a time: read this first."""
    x, (KH, KW), (SH, SW), ((top, _), (left, _)), (OH, OW) = _plan(x, size, stride, padding)
    N, H, W, C = x.shape
    y = np.empty((N, OH, OW, C), _float_type(x))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                rows = range(max(0, i * SH - top), min(H, i * SH - top + KH))  # real pixels only
                columns = range(max(0, j * SW - left), min(W, j * SW - left + KW))
                for c in range(C):
                    numbers = [x[n, row, column, c] for row in rows for column in columns]
                    y[n, i, j, c] = sum(numbers) / len(numbers)
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    """Keep the mean of each window.

    Padding is not part of the picture: a window at the edge takes the mean of its real pixels, so a constant image
    stays constant up to its border.

    Parameters, result and errors are as for `max_pool2d`.

    >>> x = np.array([[1, 3, 2, 0], [5, 7, 8, 2], [4, 0, 6, 3], [9, 3, 5, 4.0]]).reshape(1, 4, 4, 1)
    >>> avg_pool2d(x)[0, :, :, 0]
    array([[4. , 3. ],
           [4. , 4.5]])
    >>> avg_pool2d(np.full((1, 3, 3, 1), 6.0), padding="same")[0, :, :, 0]
    array([[6., 6.],
           [6., 6.]])
    """
    sums = _windows(x, size, stride, padding, 0).sum(axis=(-2, -1), dtype=_float_type(np.asarray(x)))
    return sums / _real_pixels(x, size, stride, padding).astype(sums.dtype)


def global_avg_pool2d(x):
    """Keep the mean of each whole map: one number per channel, whatever the size of the image.

    Parameters
    ----------
    x : array (N, H, W, C). It is not modified.

    Returns
    -------
    y : array (N, C). y[n, c] = mean over all pixels of channel c.

    >>> global_avg_pool2d(np.array([[1.0, 10], [3, 30]]).reshape(1, 2, 1, 2))
    array([[ 2., 20.]])
    """
    return np.asarray(x).mean(axis=(1, 2))


def max_pool2d_backward_loops(dy, x, size=2, stride=None, padding="valid"):
    """Compute `max_pool2d_backward` one window at a time: read this first."""
    x, (KH, KW), (SH, SW), ((top, _), (left, _)), (OH, OW) = _plan(x, size, stride, padding)
    N, H, W, C = x.shape
    dx = np.zeros(x.shape, _float_type(x))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    winner = None
                    for row in range(max(0, i * SH - top), min(H, i * SH - top + KH)):
                        for column in range(max(0, j * SW - left), min(W, j * SW - left + KW)):
                            if winner is None or x[n, row, column, c] > x[n, winner[0], winner[1], c]:
                                winner = row, column  # in a tie, the first one stays
                    dx[n, winner[0], winner[1], c] += dy[n, i, j, c]  # a pixel may win in several windows
    return dx


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Send each gradient to the pixel that won its window.

    Nudge a pixel that did not win, and the output does not change: its gradient is 0. A pixel that won in several
    windows collects the gradient from all of them. In a tie, the first maximum in reading order gets the whole
    gradient, as in TensorFlow.

    Parameters
    ----------
    dy : array (N, OH, OW, C). The gradient with respect to the output. It is not modified.
    x, size, stride, padding : as given to `max_pool2d`.

    Returns
    -------
    dx : array (N, H, W, C).

    >>> x = np.array([[1, 3], [5, 7.0]]).reshape(1, 2, 2, 1)
    >>> max_pool2d_backward(np.full((1, 1, 1, 1), 10.0), x)[0, :, :, 0]
    array([[ 0.,  0.],
           [ 0., 10.]])
    """
    windows = _windows(x, size, stride, padding, _lowest(np.asarray(x).dtype))  # (N, OH, OW, C, KH, KW)
    x, (KH, KW), (SH, SW), pads, (OH, OW) = _plan(x, size, stride, padding)
    N, _, _, C = x.shape
    winners = windows.reshape(N, OH, OW, C, KH * KW).argmax(axis=-1)  # (N, OH, OW, C), in reading order
    n, i, j, c = np.ogrid[:N, :OH, :OW, :C]
    padded = np.zeros((N, *_padded_shape(x, pads), C), _float_type(x))
    np.add.at(padded, (n, i * SH + winners // KW, j * SW + winners % KW, c), dy)
    return _cropped(padded, x, pads)


def avg_pool2d_backward_loops(dy, x, size=2, stride=None, padding="valid"):
    """Compute `avg_pool2d_backward` one window at a time: read this first."""
    x, (KH, KW), (SH, SW), ((top, _), (left, _)), (OH, OW) = _plan(x, size, stride, padding)
    H, W = x.shape[1:3]
    dx = np.zeros(x.shape, _float_type(x))
    for i in range(OH):
        for j in range(OW):
            rows = slice(max(0, i * SH - top), min(H, i * SH - top + KH))
            columns = slice(max(0, j * SW - left), min(W, j * SW - left + KW))
            count = (rows.stop - rows.start) * (columns.stop - columns.start)
            dx[:, rows, columns] += dy[:, i : i + 1, j : j + 1] / count  # equal shares
    return dx


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Share each gradient equally among the pixels of its window.

    In a window of n real pixels, a change of one pixel changes the mean by 1/n of it. A pixel that several windows see
    collects the gradient from all of them, so the sum of dx is the sum of dy.

    Parameters and result are as for `max_pool2d_backward`. Only the shape of x matters.

    >>> x = np.array([[1, 3], [5, 7.0]]).reshape(1, 2, 2, 1)
    >>> avg_pool2d_backward(np.full((1, 1, 1, 1), 10.0), x)[0, :, :, 0]
    array([[2.5, 2.5],
           [2.5, 2.5]])
    """
    x, (KH, KW), (SH, SW), pads, (OH, OW) = _plan(x, size, stride, padding)
    share = np.asarray(dy) / _real_pixels(x, size, stride, padding)  # (N, OH, OW, C)
    padded = np.zeros((len(x), *_padded_shape(x, pads), x.shape[-1]), _float_type(x))
    for ki in range(KH):  # all windows at once, one pixel of each at a time
        for kj in range(KW):
            padded[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW][:, :OH, :OW] += share
    return _cropped(padded, x, pads)


def _windows(x, size, stride, padding, filling):
    """Return all windows as a view: (N, OH, OW, C, KH, KW)."""
    x, (KH, KW), (SH, SW), pads, (OH, OW) = _plan(x, size, stride, padding)
    padded = np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=filling)
    if 0 in (OH, OW):
        return np.empty((len(x), OH, OW, x.shape[-1], KH, KW), x.dtype)
    return sliding_window_view(padded, (KH, KW), axis=(1, 2))[:, ::SH, ::SW][:, :OH, :OW]


def _real_pixels(x, size, stride, padding):
    """Count the real pixels of each window: (1, OH, OW, 1)."""
    return _windows(np.ones((1, *np.shape(x)[1:3], 1)), size, stride, padding, 0).sum(axis=(-2, -1))


def _plan(x, size, stride, padding):
    """Return x as an array, the pairs (KH, KW) and (SH, SW), the pads of rows and columns, and (OH, OW)."""
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"x has shape {x.shape}, expected (N, H, W, C)")
    KH, KW = _pair(size, "size")
    SH, SW = _pair(size if stride is None else stride, "stride")
    (rows, OH), (columns, OW) = (
        _along(n, k, s, padding) for n, k, s in zip(x.shape[1:3], (KH, KW), (SH, SW), strict=True)
    )
    return x, (KH, KW), (SH, SW), (rows, columns), (OH, OW)


def _along(n, k, s, padding):
    """Return the padding (before, after) and the number of windows along one axis."""
    if padding == "valid":
        before = after = 0
    elif padding == "same":
        total = max((-(-n // s) - 1) * s + k - n, 0)
        before, after = total // 2, total - total // 2  # the odd one at the end
    elif isinstance(padding, (int, np.integer)) and 0 <= padding < k:
        before = after = int(padding)
    else:
        raise ValueError(f'padding is {padding!r}, expected "valid", "same" or an int from 0 to {k - 1}')
    return (before, after), max(0, (n + before + after - k) // s + 1)


def _pair(value, name):
    first, second = value if isinstance(value, (tuple, list)) else (value, value)
    if first < 1 or second < 1:
        raise ValueError(f"{name} is {value}, expected at least 1")
    return int(first), int(second)


def _padded_shape(x, pads):
    return tuple(n + sum(pad) for n, pad in zip(x.shape[1:3], pads, strict=True))


def _cropped(padded, x, pads):
    """Crop the padding, by the pads and the size, so that a padding of 0 needs no special case."""
    (top, _), (left, _) = pads
    return padded[:, top : top + x.shape[1], left : left + x.shape[2]]


def _lowest(dtype):
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _float_type(x):
    return x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
