"""Why convolutional networks: count what is learned, and look at what moves.

    a 100 x 100 photo in colour          30,000 numbers
    1,000 dense units on it              30,000 x 1,000 + 1,000 = 30,001,000 parameters
    32 filters of 3 x 3 on it            32 x (3 x 3 x 3 + 1)   = 896 parameters, on a photo of any size

Two beliefs about pictures are built into a convolution. What matters is near by: a unit sees a patch and not the
whole picture. And what is worth finding here is worth finding there: all units of a map share one filter. The first
makes the layer small, the second makes it move with the image: shift the input, and the output is shifted.

References: Fukushima, "Neocognitron", 1980; LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to
Document Recognition", 1998; Keras 3, `Dense`, `Conv2D`.
"""

import numpy as np


def dense_params(n_in, n_out, bias=True):
    """Parameters of a dense layer: every input is joined with every unit, and each unit has a bias.

    >>> dense_params(100 * 100, 1000, bias=False), dense_params(100 * 100 * 3, 1000, bias=False)
    (10000000, 30000000)
    >>> dense_params(4, 3)
    15
    """
    return n_in * n_out + (n_out if bias else 0)


def conv_params(kernel_size, c_in, c_out, bias=True):
    """Parameters of a convolution: each of `c_out` filters sees a patch of all `c_in` channels and has one bias.

    Height and width of the image are nowhere in it: the same weights look everywhere.

    >>> conv_params(3, 3, 32)
    896
    >>> conv_params((1, 5), 2, 4, bias=False)
    40
    """
    KH, KW = _pair(kernel_size)
    return (KH * KW * c_in + (1 if bias else 0)) * c_out


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    """Rows and columns of the output, as Keras has them.

    Parameters
    ----------
    hw : (H, W).
    kernel_size, stride : int or (rows, columns).
    padding : "valid" (only windows that fit), "same" (a window for each stride: ceil(H / SH)), or the number of rows
        and columns of zeros on every side.

    Returns
    -------
    (OH, OW)

    Raises
    ------
    ValueError
        An unknown padding.

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
    """The same as `shift2d` for one grey picture, pixel after pixel: read this first."""
    H, W = x.shape
    y = np.zeros_like(x)
    for i in range(H):
        for j in range(W):
            if 0 <= i - dy < H and 0 <= j - dx < W:
                y[i, j] = x[i - dy, j - dx]
    return y


def shift2d(x, dy, dx):
    """The image moved down by `dy` and right by `dx`; what leaves is lost and zeros come in.

    Parameters
    ----------
    x : array (H, W), (H, W, C) or (N, H, W, C). It is not modified.
    dy, dx : int, negative for up and left.

    Returns
    -------
    An array of the shape of x.

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
    """The largest absolute difference between f of the shifted image and the shifted f of the image.

    0 where f moves with the image. Convolution does, as long as nothing touches the border; a dense layer does not.
    Pooling with stride 2 forgives some shifts: a pixel that stays in its block leaves the map where it was, and one
    that moves by 2 moves the map by 1. That is not what the gap asks for: it compares with a map that moved by 2.

    Worked by hand: f turns the picture upside down, and the image moves down by one.

        f of the shifted image  [[1, 2], [0, 0]]
        the shifted f           [[0, 0], [3, 4]]      differences 1, 2, -3, -4: the gap is 4

    >>> equivariance_gap(np.flipud, np.array([[1, 2], [3, 4]]), 1, 0)
    4.0
    >>> spot = np.zeros((8, 8))
    >>> spot[3, 3] = 1
    >>> equivariance_gap(np.square, spot, 1, 2)
    0.0
    """
    return float(np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).max())


def _kept(n, d):
    """The places that still hold a picture when `n` of them have moved by `d`."""
    return slice(min(max(d, 0), n), max(min(n + d, n), 0))


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)
