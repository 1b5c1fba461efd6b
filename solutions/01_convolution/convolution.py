"""Convolution in NumPy, as in a network layer: forward, backward, fast.

Place a kernel on the image, multiply each weight by the pixel under it, add up, and move on:

    image (3, 3)      kernel (2, 2)      output (2, 2)
    +---+---+---+
    | 0 | 1 | 2 |     +---+---+          +----+----+
    +---+---+---+     | 0 | 1 |          | 19 | 25 |
    | 3 | 4 | 5 |  *  +---+---+    =     +----+----+
    +---+---+---+     | 2 | 3 |          | 37 | 43 |
    | 6 | 7 | 8 |     +---+---+          +----+----+
    +---+---+---+
    19 = 0*0 + 1*1 + 3*2 + 4*3     (the kernel on the top-left corner)

The kernel is not flipped first: networks call this convolution, mathematics calls it cross-correlation.

Shapes: images x (N, H, W, C_in); kernels w (KH, KW, C_in, C_out); bias b (C_out,); output y (N, OH, OW, C_out). One
filter sees all channels at once and gives one map; there are C_out filters.

References: LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998; Dumoulin and Visin, "A guide
to convolution arithmetic for deep learning", 2016; Keras 3, `Conv2D`; Xie et al., ResNeXt, 2017 (groups); Yu and
Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", 2016.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def same_padding(n, k, s):
    """Return the number of zeros before and after an axis of n pixels, for padding "same".

    "same" gives ceil(n / s) outputs: the size of the input at stride 1, half of it at stride 2. The last window starts
    at (out - 1) * s and ends k pixels later. Zeros fill the missing pixels, half before, half after, the odd one after.

        total = max((ceil(n / s) - 1) * s + k - n, 0)

    Parameters
    ----------
    n, k, s : int. Pixels, kernel and stride along one axis.

    Returns
    -------
    before, after : int.

    >>> same_padding(6, 3, 1), same_padding(6, 3, 2), same_padding(5, 4, 1), same_padding(5, 1, 3)
    ((1, 1), (0, 1), (1, 2), (0, 0))
    """
    out = -(-n // s)
    total = max((out - 1) * s + k - n, 0)
    return total // 2, total - total // 2


def pad2d(x, pads):
    """Put zeros around each image.

    Parameters
    ----------
    x : array (N, H, W, C). It is not modified.
    pads : ((top, bottom), (left, right)).

    Returns
    -------
    padded : array (N, top + H + bottom, left + W + right, C).

    >>> pad2d(np.full((1, 1, 2, 1), 5.0), ((1, 0), (0, 2)))[0, :, :, 0]
    array([[0., 0., 0., 0.],
           [5., 5., 0., 0.]])
    """
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    padded = np.zeros((N, top + H + bottom, left + W + right, C), x.dtype)
    padded[:, top : top + H, left : left + W] = x
    return padded


def conv2d_step(patch, w, b):
    """Apply all filters at one position: one number per filter.

    Parameters
    ----------
    patch : array (KH, KW, C_in). The pixels under the kernel.
    w : array (KH, KW, C_in, C_out).
    b : array (C_out,).

    Returns
    -------
    y : array (C_out,). y[f] = sum of patch * w[:, :, :, f], plus b[f] once.

    >>> conv2d_step(np.array([[0.0, 1], [3, 4]])[..., None], np.arange(4.0).reshape(2, 2, 1, 1), np.array([100.0]))
    array([119.])
    """
    return np.tensordot(patch, w, axes=3) + b  # (KH, KW, C_in) x (KH, KW, C_in, C_out) -> (C_out,)


def conv2d_loops(x, w, b, stride=1, padding="valid"):
    """Compute `conv2d` one position at a time: read this first."""
    (KH, KW, _, C_out), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    padded = pad2d(x, pads)
    y = np.empty((len(x), OH, OW, C_out), np.result_type(x, w, b))
    for n in range(len(x)):
        for i in range(OH):
            for j in range(OW):
                patch = padded[n, i * SH : i * SH + KH, j * SW : j * SW + KW]
                y[n, i, j] = conv2d_step(patch, w, b)
    return y


def conv2d(x, w, b, stride=1, padding="valid"):
    """Apply every filter at every position of every image.

    The loop runs over the few positions inside the kernel; each step handles all windows of all images at once.

    Parameters
    ----------
    x : array (N, H, W, C_in). It is not modified.
    w : array (KH, KW, C_in, C_out).
    b : array (C_out,).
    stride : int or (SH, SW), at least 1.
    padding : "valid", "same" or an int for all four sides.

    Returns
    -------
    y : array (N, OH, OW, C_out).
        valid: OH = (H - KH) // SH + 1;  same: OH = ceil(H / SH);  int p: OH = (H + 2p - KH) // SH + 1;
        0 if the kernel does not fit into the padded image.

    Raises
    ------
    ValueError
        If x or w does not have four axes, the channels do not agree, the stride is below 1, or the padding is unknown.


    Cost: N * OH * OW * KH * KW * C_in * C_out multiplications.

    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> w = np.arange(4.0).reshape(2, 2, 1, 1)
    >>> conv2d(x, w, np.zeros(1))[0, :, :, 0]
    array([[19., 25.],
           [37., 43.]])
    >>> conv2d(x, w, np.zeros(1), stride=2, padding="same")[0, :, :, 0]
    array([[19., 10.],
           [ 7.,  0.]])
    """
    (KH, KW, _, C_out), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    padded = pad2d(x, pads)
    y = np.zeros((len(x), OH, OW, C_out), np.result_type(x, w, b))
    for ki in range(KH):
        for kj in range(KW):
            y += _seen_by(padded, ki, kj, (SH, SW), (OH, OW)) @ w[ki, kj]  # (N, OH, OW, C_in) @ (C_in, C_out)
    return y + b


def conv2d_backward_loops(dy, x, w, stride=1, padding="valid"):
    """Compute `conv2d_backward` one position at a time: read this first."""
    (KH, KW, _, _), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    padded = pad2d(x, pads)
    d_padded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(w.shape[3])
    for n in range(len(x)):
        for i in range(OH):
            for j in range(OW):
                rows, columns = slice(i * SH, i * SH + KH), slice(j * SW, j * SW + KW)
                for f in range(w.shape[3]):
                    d_padded[n, rows, columns] += dy[n, i, j, f] * w[..., f]  # back through the same weight
                    dw[..., f] += dy[n, i, j, f] * padded[n, rows, columns]
                    db[f] += dy[n, i, j, f]
    return _cropped(d_padded, x, pads), dw, db


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    """Return the gradients of the loss with respect to image, kernels and bias.

    Forward, y[n, i, j, f] += xp[n, i*SH + ki, j*SW + kj, c] * w[ki, kj, c, f]: a pixel contributes to every output
    whose window sees it, and a weight is used at every position. Backward, each of these products sends dy back to both
    factors, and the contributions are added up.

    Parameters
    ----------
    dy : array (N, OH, OW, C_out). The gradient with respect to the output. It is not modified.
    x, w, stride, padding : as given to `conv2d`.

    Returns
    -------
    dx : array (N, H, W, C_in).
    dw : array (KH, KW, C_in, C_out).
    db : array (C_out,). The sum over examples and positions. It is not a mean: the loss already took the mean.

    >>> x, w = np.arange(9.0).reshape(1, 3, 3, 1), np.arange(4.0).reshape(2, 2, 1, 1)
    >>> dx, dw, db = conv2d_backward(np.ones((1, 2, 2, 1)), x, w)
    >>> dx[0, :, :, 0]
    array([[0., 1., 1.],
           [2., 6., 4.],
           [2., 5., 3.]])
    >>> dw[:, :, 0, 0], db
    (array([[ 8., 12.],
           [20., 24.]]), array([4.]))
    """
    (KH, KW, _, _), strides, pads, (OH, OW) = _plan(x, w, stride, padding)
    padded = pad2d(x, pads)
    d_padded = np.zeros(padded.shape, np.result_type(dy, w))
    dw = np.zeros(w.shape, np.result_type(dy, x))
    for ki in range(KH):
        for kj in range(KW):
            _seen_by(d_padded, ki, kj, strides, (OH, OW))[...] += dy @ w[ki, kj].T  # (N, OH, OW, C_out) @ (C_out, C_in)
            seen = _seen_by(padded, ki, kj, strides, (OH, OW))
            dw[ki, kj] = np.tensordot(seen, dy, axes=((0, 1, 2), (0, 1, 2)))  # -> (C_in, C_out)
    return _cropped(d_padded, x, pads), dw, dy.sum(axis=(0, 1, 2))


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    """Compute `conv2d` as one matrix product: all windows of all images times all filters.

    Every window becomes a row. The copy needs KH * KW times the memory of the image, and the matrix product runs at the
    full speed of the machine.

    >>> conv2d_fast(np.arange(9.0).reshape(1, 3, 3, 1), np.arange(4.0).reshape(2, 2, 1, 1), np.zeros(1))[0, :, :, 0]
    array([[19., 25.],
           [37., 43.]])
    """
    (KH, KW, _, C_out), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    if 0 in (OH, OW):
        return np.zeros((len(x), OH, OW, C_out), np.result_type(x, w, b))
    windows = sliding_window_view(pad2d(x, pads), (KH, KW), axis=(1, 2))[:, ::SH, ::SW]  # (N, OH, OW, C_in, KH, KW)
    return np.tensordot(windows, w, axes=((4, 5, 3), (0, 1, 2))) + b  # -> (N, OH, OW, C_out)


def conv2d_dilated(x, w, b, stride=1, padding="valid", dilation=1):
    """Convolve with a kernel that has holes: its weights are `dilation` pixels apart.

    A 3 x 3 kernel with dilation 2 spans 5 x 5 pixels with nine weights. It equals a convolution with a kernel of size
    (K - 1) * dilation + 1 with zeros in between.

    Parameters and result are as for `conv2d`; dilation is an int or a pair (DH, DW).

    >>> conv2d_dilated(np.arange(9.0).reshape(1, 3, 3, 1), np.ones((2, 2, 1, 1)), np.zeros(1), dilation=2)[0, :, :, 0]
    array([[16.]])
    """
    DH, DW = _pair(dilation, "dilation")
    KH, KW, C_in, C_out = w.shape
    spread = np.zeros(((KH - 1) * DH + 1, (KW - 1) * DW + 1, C_in, C_out), w.dtype)
    spread[::DH, ::DW] = w
    return conv2d(x, spread, b, stride, padding)


def conv2d_grouped(x, w, b, stride=1, padding="valid", groups=1):
    """Run several convolutions side by side, each with a share of the channels.

    Group g sees the channels from g * C_in / groups on and makes the maps from g * C_out / groups on. With as many
    groups as channels, this is the depthwise convolution.

    Parameters and result are as for `conv2d`, but w is (KH, KW, C_in / groups, C_out).

    >>> x = np.array([1.0, 10.0]).reshape(1, 1, 1, 2)
    >>> conv2d_grouped(x, np.array([2.0, 3.0]).reshape(1, 1, 1, 2), np.zeros(2), groups=2)
    array([[[[ 2., 30.]]]])
    """
    if x.shape[3] % groups or w.shape[3] % groups:
        raise ValueError(f"groups is {groups}, expected a divisor of {x.shape[3]} channels and {w.shape[3]} filters")
    parts = zip(np.split(x, groups, axis=3), np.split(w, groups, axis=3), np.split(b, groups), strict=True)
    return np.concatenate([conv2d(*part, stride, padding) for part in parts], axis=3)


def _seen_by(padded, ki, kj, strides, counts):
    """Return a view of the pixels under weight (ki, kj) of the kernel, one per output: (N, OH, OW, C)."""
    (SH, SW), (OH, OW) = strides, counts
    return padded[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW][:, :OH, :OW]


def _cropped(d_padded, x, pads):
    """Crop the padding, by the pads and the size, so that a padding of 0 needs no special case."""
    (top, _), (left, _) = pads
    return d_padded[:, top : top + x.shape[1], left : left + x.shape[2]]


def _plan(x, w, stride, padding):
    """Return the kernel's shape, (SH, SW), the pads of rows and columns, and (OH, OW)."""
    if x.ndim != 4 or w.ndim != 4:
        raise ValueError(f"x has shape {x.shape} and w {w.shape}, expected (N, H, W, C_in) and (KH, KW, C_in, C_out)")
    if x.shape[3] != w.shape[2]:
        raise ValueError(f"x has {x.shape[3]} channels and w expects {w.shape[2]}")
    strides = _pair(stride, "stride")
    pads, counts = [], []
    for n, k, s in zip(x.shape[1:3], w.shape[:2], strides, strict=True):
        if padding == "valid":
            pad = (0, 0)
        elif padding == "same":
            pad = same_padding(n, k, s)
        elif isinstance(padding, (int, np.integer)) and padding >= 0:
            pad = (int(padding), int(padding))
        else:
            raise ValueError(f'padding is {padding!r}, expected "valid", "same" or an int of at least 0')
        pads.append(pad)
        counts.append(max(0, (n + sum(pad) - k) // s + 1))
    return w.shape, strides, pads, counts


def _pair(value, name):
    first, second = value if isinstance(value, (tuple, list)) else (value, value)
    if first < 1 or second < 1:
        raise ValueError(f"{name} is {value}, expected at least 1")
    return int(first), int(second)
