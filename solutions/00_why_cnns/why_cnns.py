"""Why convolutional networks: count the parameters, and look at what moves.

    a 100 x 100 photo in colour          30,000 numbers
    1,000 dense units on it              30,000 x 1,000 + 1,000 = 30,001,000 parameters
    32 filters of 3 x 3 on it            32 x (3 x 3 x 3 + 1)   = 896 parameters, on a photo of any size

A convolution builds in two assumptions about pictures. Related pixels are close together: a unit sees a patch, not the
whole picture. A feature is useful at every position: all units of a map share one filter. Both keep the layer small,
and the second makes it equivariant: shift the input, and the output shifts too.

References: Fukushima, "Neocognitron", 1980; LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to
Document Recognition", 1998; Keras 3, `Dense`, `Conv2D`.
"""

import numpy as np


def dense_params(n_in, n_out, bias=True):
    """Return the number of parameters of a dense layer: one weight per pair of input and unit, one bias per unit.

    >>> dense_params(100 * 100, 1000, bias=False), dense_params(100 * 100 * 3, 1000, bias=False)
    (10000000, 30000000)
    >>> dense_params(4, 3)
    15
    """
    return n_in * n_out + (n_out if bias else 0)


def conv_params(kernel_size, c_in, c_out, bias=True):
    """Return the number of parameters of a convolution: `c_out` filters of depth `c_in`, each with one bias.


    The height and width of the image do not matter: the same weights are used everywhere.

    >>> conv_params(3, 3, 32)
    896
    >>> conv_params((1, 5), 2, 4, bias=False)
    40
    """
    KH, KW = _pair(kernel_size)
    return (KH * KW * c_in + (1 if bias else 0)) * c_out


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    """Return the number of rows and columns of the output, as in Keras.

    Parameters
    ----------
    hw : (H, W).
    kernel_size, stride : int or (rows, columns).
    padding : "valid" (only windows that fit), "same" (one window per stride: ceil(H / SH)), or the number of rows and
        columns of zeros on every side.

    Returns
    -------
    (OH, OW)

    Raises
    ------
    ValueError
        If the padding is unknown.

    >>> conv_output_shape((100, 100), 3), conv_output_shape((100, 100), 3, 2, "same")
    ((98, 98), (50, 50))
    >>> conv_output_shape((5, 7), 3, 1, 1)
    (5, 7)
    """
    if padding not in ("valid", "same") and not isinstance(padding, (int, np.integer)):
        raise ValueError(f'padding is {padding!r}, expected "valid", "same" or an int')
    along = zip(hw, _pair(kernel_size), _pair(stride), strict=True)
    if padding == "same":
        return tuple(-(-n // s) for n, _, s in along)
    p = 0 if padding == "valid" else padding
    return tuple(max(0, (n + 2 * p - k) // s + 1) for n, k, s in along)


def shift2d_loops(x, dy, dx):
    """Shift one grey picture, like `shift2d`, but pixel by pixel: read this first."""
    H, W = x.shape
    y = np.zeros_like(x)
    for i in range(H):
        for j in range(W):
            if 0 <= i - dy < H and 0 <= j - dx < W:
                y[i, j] = x[i - dy, j - dx]
    return y


def shift2d(x, dy, dx):
    """Move the image down by `dy` and right by `dx`. Pixels that leave are lost, and zeros come in.

    Parameters
    ----------
    x : array (H, W), (H, W, C) or (N, H, W, C). It is not modified.
    dy, dx : int, negative for up and left.

    Returns
    -------
    An array with the shape of x.

    >>> shift2d(np.array([[1, 2], [3, 4]]), 1, 0).tolist(), shift2d(np.array([[1, 2], [3, 4]]), 0, -1).tolist()
    ([[0, 0], [1, 2]], [[2, 0], [4, 0]])
    """
    rows = 0 if x.ndim == 2 else x.ndim - 3
    H, W = x.shape[rows : rows + 2]
    y = np.zeros_like(x)
    before = (slice(None),) * rows
    y[(*before, _kept(H, dy), _kept(W, dx))] = x[(*before, _kept(H, -dy), _kept(W, -dx))]
    return y


def equivariance_gap(f, x, dy, dx):
    """Return the largest absolute difference between f(shifted x) and shifted f(x).

    The gap is 0 if f moves with the image. Convolution does, as long as nothing touches the border; a dense layer does
    not. Pooling with stride 2 tolerates some shifts of a single bright pixel: if it stays in its block, the map does not
    change, and if it moves by 2, the map moves by 1. That still leaves a gap, because the gap compares with a map that
    moved by 2.

    Worked by hand: f flips the picture upside down, and the image moves down by one.

        f(shifted x)   [[1, 2], [0, 0]]
        shifted f(x)   [[0, 0], [3, 4]]      differences 1, 2, -3, -4: the gap is 4

    >>> equivariance_gap(np.flipud, np.array([[1, 2], [3, 4]]), 1, 0)
    4.0
    >>> spot = np.zeros((8, 8))
    >>> spot[3, 3] = 1
    >>> equivariance_gap(np.square, spot, 1, 2)
    0.0
    """
    return float(np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).max())


def _kept(n, d):
    """Return the slice of an axis of `n` pixels that still holds the picture after a shift by `d`."""
    return slice(min(max(d, 0), n), max(min(n + d, n), 0))


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)
