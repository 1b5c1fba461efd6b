"""Batch normalisation in NumPy: training, inference, the backward pass, and folding it into a convolution.

Each function comes twice: first as a plain loop, which shows what is computed, then vectorised in a few lines. Both
treat a batch of images as a table: every pixel of every image is a row, so the same code works for both shapes.

    (N, C)       a table: N examples in rows, C features in columns
    (N, H, W, C) images:  M = N * H * W rows of C channels        (N, C) has M = N

The statistics are taken down the columns. There is one mean per channel, however large the images are.

References
----------
Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015.
Santurkar, Tsipras, Ilyas, Madry, "How Does Batch Normalization Help Optimization?", 2018, which found another reason.
Keras 3 documentation, `BatchNormalization`: `moving * momentum + batch * (1 - momentum)`, the variance divided by M.
Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018.
"""

import math

import numpy as np


def batch_norm_train_loops(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Compute :func:`batch_norm_train` as a plain loop: one channel at a time, one row at a time."""
    x = _checked_input(x, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_training(x, momentum, eps)
    C = x.shape[-1]
    rows = x.reshape(-1, C)  # (N, H, W, C) -> (M, C): every pixel is a row
    M = len(rows)
    y = np.empty_like(rows)
    new_mean = np.array(moving_mean, dtype=_float_type(moving_mean))
    new_var = np.array(moving_var, dtype=_float_type(moving_var))
    for c in range(C):
        total = 0.0
        for m in range(M):
            total += rows[m, c]
        mean = total / M

        squares = 0.0
        for m in range(M):
            squares += (rows[m, c] - mean) ** 2
        var = squares / M  # by M, not by M - 1

        std = math.sqrt(var + eps)  # eps inside, so a constant column can be divided too
        for m in range(M):
            y[m, c] = gamma[c] * (rows[m, c] - mean) / std + beta[c]

        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), new_mean, new_var  # (M, C) -> (N, H, W, C)


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise each channel by the statistics of this batch, and update the moving statistics.

    ::

        x (5, 2)               mean       5   100            y (5, 2), gamma = 6 10, beta = 1 7
        +---+-----+            variance   8    24            +----+----+
        | 1 |  92 |            sqrt(var + 1)                 | -7 | -9 |
        | 3 |  98 |                       3     5            | -3 |  3 |
        | 5 | 100 |                                          |  1 |  7 |
        | 7 | 104 |            -7 = 6 * (1 - 5) / 3 + 1      |  5 | 15 |
        | 9 | 106 |            -9 = 10 * (92 - 100) / 5 + 7  |  9 | 19 |
        +---+-----+                                          +----+----+

    Parameters
    ----------
    x : array of shape (N, C) or (N, H, W, C)
        The batch; N, H and W are at least 1.
    gamma, beta : arrays of shape (C,)
        Scale and shift of each channel, learned.
    moving_mean, moving_var : arrays of shape (C,)
        The moving statistics for inference. They are read, not changed, and `y` does not depend on them.
    momentum : float in [0, 1]
        The share of the old moving values that is kept.
    eps : float, not negative
        Added to the variance, under the root.

    Returns
    -------
    y : array of the shape of `x`
        ``y[..., c] = gamma[c] * (x[..., c] - mean[c]) / sqrt(var[c] + eps) + beta[c]``
    new_mean, new_var : arrays of shape (C,)
        ``momentum * old + (1 - momentum) * batch``, with the biased variance (divided by M = N * H * W).

    Raises
    ------
    ValueError
        If `x` does not have 2 or 4 axes or has no rows, a vector does not have the shape (C,), the momentum is outside
        [0, 1], or eps is negative.

    Notes
    -----
    Cost: a few passes over the N * H * W * C numbers, and one array of that size.

    PyTorch normalises by the biased variance, as other libraries do, but updates the moving variance with the unbiased
    one (divided by M - 1). Keras uses the biased variance for both, and so does this module.

    References
    ----------
    Ioffe and Szegedy, 2015, algorithm 1. Keras 3, `BatchNormalization`.

    Examples
    --------
    The table above, with moving statistics (15, 0) and (18, 4): 14 = 0.9 * 15 + 0.1 * 5 and 17 = 0.9 * 18 + 0.1 * 8.

    >>> x = np.array([[1.0, 92], [3, 98], [5, 100], [7, 104], [9, 106]])
    >>> y, new_mean, new_var = batch_norm_train(
    ...     x, np.array([6, 10]), np.array([1, 7]), np.array([15, 0]), np.array([18, 4]), momentum=0.9, eps=1
    ... )
    >>> y
    array([[-7., -9.],
           [-3.,  3.],
           [ 1.,  7.],
           [ 5., 15.],
           [ 9., 19.]])
    >>> new_mean.round(9).tolist(), new_var.round(9).tolist()
    ([14.0, 10.0], [17.0, 6.0])
    """
    x = _checked_input(x, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_training(x, momentum, eps)
    rows = tuple(range(x.ndim - 1))  # (0,) or (0, 1, 2): all axes but the channels
    mean = x.mean(axis=rows)  # (N, H, W, C) -> (C,)
    var = x.var(axis=rows)  # (N, H, W, C) -> (C,), divided by M
    x_hat = (x - mean) / np.sqrt(var + eps)  # (N, H, W, C) - (C,): the last axes match
    y = np.asarray(gamma) * x_hat + np.asarray(beta)
    return y.astype(x.dtype, copy=False), _blend(moving_mean, mean, momentum), _blend(moving_var, var, momentum)


def batch_norm_infer_loops(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Compute :func:`batch_norm_infer` as a plain loop: each channel is a linear function with fixed numbers."""
    x = _checked_input(x, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_eps(eps)
    C = x.shape[-1]
    rows = x.reshape(math.prod(x.shape[:-1]), C)  # (N, H, W, C) -> (M, C)
    y = np.empty_like(rows)
    for c in range(C):
        std = math.sqrt(moving_var[c] + eps)
        for m in range(len(rows)):
            y[m, c] = gamma[c] * (rows[m, c] - moving_mean[c]) / std + beta[c]
    return y.reshape(x.shape)  # (M, C) -> (N, H, W, C)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise each channel by the moving statistics from training.

    ::

        one example (1, 2)                                          y (1, 2)
        +---+-----+    moving mean       2   90                     +---+----+
        | 8 | 100 |    moving variance   8   24    gamma = 3 10     | 7 | 27 |
        +---+-----+    sqrt(var + 1)     3    5    beta  = 1  7     +---+----+
                                                                    7 = 3 * (8 - 2) / 3 + 1

    The output for an example does not depend on the other examples: a batch of one works like any other.

    Parameters
    ----------
    x : array of shape (N, C) or (N, H, W, C)
    gamma, beta, moving_mean, moving_var : arrays of shape (C,)
        They are not modified.
    eps : float, not negative
        The same as in training.

    Returns
    -------
    y : array of the shape of `x`
        ``y[..., c] = gamma[c] * (x[..., c] - moving_mean[c]) / sqrt(moving_var[c] + eps) + beta[c]``

    Raises
    ------
    ValueError
        If `x` does not have 2 or 4 axes, a vector does not have the shape (C,), or eps is negative.

    Notes
    -----
    Cost: one pass over the N * H * W * C numbers, or none if it is folded: see :func:`fold_bn_into_conv`.

    References
    ----------
    Ioffe and Szegedy, 2015, algorithm 2. Keras 3, `BatchNormalization` with `training=False`.

    Examples
    --------
    >>> x = np.array([[8.0, 100]])
    >>> batch_norm_infer(x, np.array([3, 10]), np.array([1, 7]), np.array([2, 90]), np.array([8, 24]), eps=1)
    array([[ 7., 27.]])
    """
    x = _checked_input(x, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_eps(eps)
    x_hat = (x - np.asarray(moving_mean)) / np.sqrt(np.asarray(moving_var) + eps)  # (N, H, W, C) - (C,)
    y = np.asarray(gamma) * x_hat + np.asarray(beta)
    return y.astype(x.dtype, copy=False)


def batch_norm_backward_loops(dy, x, gamma, eps=1e-3):
    """Compute :func:`batch_norm_backward` as a plain loop over the three paths."""
    x = _checked_input(x, gamma=gamma)
    dy = _checked_gradient(dy, x)
    _check_eps(eps)
    C = x.shape[-1]
    rows, d_rows = x.reshape(-1, C), dy.reshape(-1, C)  # (N, H, W, C) -> (M, C)
    M = len(rows)
    dx = np.empty_like(rows)
    dgamma, dbeta = np.zeros(C, dtype=x.dtype), np.zeros(C, dtype=x.dtype)
    for c in range(C):
        mean = sum(rows[m, c] for m in range(M)) / M
        var = sum((rows[m, c] - mean) ** 2 for m in range(M)) / M
        std = math.sqrt(var + eps)

        d_mean, d_var = 0.0, 0.0
        for m in range(M):
            x_hat = (rows[m, c] - mean) / std
            dgamma[c] += d_rows[m, c] * x_hat  # y = gamma * x_hat + beta
            dbeta[c] += d_rows[m, c]
            d_x_hat = d_rows[m, c] * gamma[c]
            d_mean += d_x_hat * (-1 / std)  # x_hat = (x - mean) / sqrt(var + eps)
            d_var += d_x_hat * (rows[m, c] - mean) * (-1 / (2 * std**3))

        for m in range(M):
            direct = d_rows[m, c] * gamma[c] / std
            through_the_mean = d_mean / M  # mean = sum of x / M
            through_the_variance = d_var * 2 * (rows[m, c] - mean) / M  # var = sum of (x - mean)**2 / M
            dx[m, c] = direct + through_the_mean + through_the_variance
    return dx.reshape(x.shape), dgamma, dbeta  # (M, C) -> (N, H, W, C)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Return the gradients of :func:`batch_norm_train` with respect to its input and its two parameters.

    ::

                   direct
        x[m] ----------------------> x_hat[m] --- * gamma --- + beta ---> y[m]
          |                          ^     ^
          +--> mean of the batch ----+     |        each x[m] changes the mean and the variance,
          |                                |        and these change all the other y
          +--> variance of the batch ------+

    With sums over the M = N * H * W rows of a channel, the three paths add up to

    ``dx = gamma / sqrt(var + eps) * (dy - sum(dy) / M - x_hat * sum(dy * x_hat) / M)``

    The second term removes from `dy` the part common to all rows; the third removes the part along `x_hat`. Batch norm
    undoes a common shift of `x` and, except for eps, a scaling of `x`, so the gradient has no part in either direction.

    Parameters
    ----------
    dy : array of the shape of `x`
        The gradient of the loss with respect to `y`.
    x : array of shape (N, C) or (N, H, W, C)
        The input of the forward pass. Mean and variance are computed from it again.
    gamma : array of shape (C,)
    eps : float, not negative
        The same as in the forward pass.

    Returns
    -------
    dx : array of the shape of `x`
    dgamma, dbeta : arrays of shape (C,)
        ``dgamma[c] = sum(dy[..., c] * x_hat[..., c])`` and ``dbeta[c] = sum(dy[..., c])``

    Raises
    ------
    ValueError
        If `x` does not have 2 or 4 axes or has no rows, `dy` does not have the shape of `x`, gamma does not have the
        shape (C,), or eps is negative.

    Notes
    -----
    Cost: a few passes over the N * H * W * C numbers, and two arrays of that size.

    References
    ----------
    Ioffe and Szegedy, 2015, section 3 (the chain rule, term by term).

    Examples
    --------
    Here x_hat is -1, -1, 1, 1, the mean of dy is 3 and the mean of dy * x_hat is 1.5, so -1 = 4 / 2 * (1 - 3 + 1.5).

    >>> x = np.array([[3.0], [3], [7], [7]])
    >>> dy = np.array([[1.0], [2], [3], [6]])
    >>> dx, dgamma, dbeta = batch_norm_backward(dy, x, np.array([4]), eps=0)
    >>> dx.ravel().tolist(), dgamma.tolist(), dbeta.tolist()
    ([-1.0, 1.0, -3.0, 3.0], [6.0], [12.0])
    """
    x = _checked_input(x, gamma=gamma)
    dy = _checked_gradient(dy, x)
    _check_eps(eps)
    rows = tuple(range(x.ndim - 1))
    M = math.prod(x.shape[:-1])
    std = np.sqrt(x.var(axis=rows) + eps)  # (C,)
    x_hat = (x - x.mean(axis=rows)) / std  # (N, H, W, C)
    dgamma = (dy * x_hat).sum(axis=rows)  # (N, H, W, C) -> (C,)
    dbeta = dy.sum(axis=rows)  # (N, H, W, C) -> (C,)
    dx = np.asarray(gamma) / std * (dy - dbeta / M - x_hat * dgamma / M)  # (C,) x (N, H, W, C)
    return dx.astype(x.dtype, copy=False), dgamma, dbeta


def fold_bn_into_conv_loops(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Compute :func:`fold_bn_into_conv` as a plain loop: one filter at a time."""
    w = _checked_kernels(w, b=b, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_eps(eps)
    KH, KW, C_in, C_out = w.shape
    new_w = np.empty_like(w)
    new_b = np.empty(C_out, dtype=w.dtype)
    for f in range(C_out):
        scale = gamma[f] / math.sqrt(moving_var[f] + eps)
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    new_w[i, j, c, f] = w[i, j, c, f] * scale
        new_b[f] = (b[f] - moving_mean[f]) * scale + beta[f]
    return new_w, new_b


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Replace a convolution and the batch norm after it by one convolution, for inference.

    ::

        x --> conv (w, b) --> batch norm --> y         before
        x --> conv (new_w, new_b) ---------> y         after: the same y, one layer fewer

    At inference, batch norm is a linear function of each channel, and a linear function of a weighted sum is again a
    weighted sum. With ``scale = gamma / sqrt(moving_var + eps)``,

    ``scale * (conv(x, w) + b - moving_mean) + beta = conv(x, w * scale) + (b - moving_mean) * scale + beta``

    Parameters
    ----------
    w : array of shape (KH, KW, C_in, C_out)
    b, gamma, beta, moving_mean, moving_var : arrays of shape (C_out,)
    eps : float, not negative

    Returns
    -------
    new_w : array of shape (KH, KW, C_in, C_out)
    new_b : array of shape (C_out,)

    Raises
    ------
    ValueError
        If `w` does not have four axes, a vector does not have the shape (C_out,), or eps is negative.

    Notes
    -----
    Cost: one pass over the weights, once. It saves a pass over every activation at each inference.

    References
    ----------
    Jacob et al., 2018, section 3.2.

    Examples
    --------
    sqrt(16 + 9) = 5, so the scale is 10 / 5 = 2: the weight 3 becomes 6, the bias (4 - 1) * 2 + 7 = 13.

    >>> new_w, new_b = fold_bn_into_conv(
    ...     np.full((1, 1, 1, 1), 3.0), *(np.array([v]) for v in (4.0, 10.0, 7.0, 1.0, 16.0)), eps=9
    ... )
    >>> new_w.ravel().tolist(), new_b.tolist()
    ([6.0], [13.0])
    """
    w = _checked_kernels(w, b=b, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    _check_eps(eps)
    scale = np.asarray(gamma) / np.sqrt(np.asarray(moving_var) + eps)  # (C_out,)
    new_w = w * scale  # (KH, KW, C_in, C_out) x (C_out,): the last axes match
    new_b = (np.asarray(b) - np.asarray(moving_mean)) * scale + np.asarray(beta)
    return new_w.astype(w.dtype, copy=False), new_b.astype(w.dtype, copy=False)


def _blend(old, batch, momentum):
    """Return the moving statistic after one more batch, in the float type of the old one."""
    old = np.asarray(old, dtype=_float_type(old))
    return (momentum * old + (1 - momentum) * batch).astype(old.dtype, copy=False)


def _float_type(values):
    """Return float32 for float32, float64 for float64 and for integers."""
    kind = np.asarray(values).dtype
    return kind if kind.kind == "f" else np.dtype(np.float64)


def _checked_input(x, **vectors):
    """Return `x` as floats; raise ValueError if its shape is wrong or a vector does not have one number per channel."""
    x = np.asarray(x, dtype=_float_type(x))
    if x.ndim not in (2, 4):
        raise ValueError(f"x has shape {x.shape}, expected (N, C) or (N, H, W, C)")
    _check_vectors(x.shape[-1], vectors)
    return x


def _checked_gradient(dy, x):
    """Return `dy` as floats; raise ValueError if it does not have the shape of `x` or `x` has no rows."""
    dy = np.asarray(dy, dtype=_float_type(dy))
    if dy.shape != x.shape:
        raise ValueError(f"dy has shape {dy.shape}, expected {x.shape}, the shape of x")
    _check_rows(x)
    return dy.astype(x.dtype, copy=False)


def _checked_kernels(w, **vectors):
    """Return `w` as floats; raise ValueError if its shape is wrong or a vector does not have one number per filter."""
    w = np.asarray(w, dtype=_float_type(w))
    if w.ndim != 4:
        raise ValueError(f"w has shape {w.shape}, expected (KH, KW, C_in, C_out)")
    _check_vectors(w.shape[-1], vectors)
    return w


def _check_vectors(channels, vectors):
    for name, vector in vectors.items():
        if np.shape(vector) != (channels,):
            raise ValueError(f"{name} has shape {np.shape(vector)}, expected ({channels},)")


def _check_training(x, momentum, eps):
    _check_rows(x)
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum is {momentum}, expected a number in [0, 1]")
    _check_eps(eps)


def _check_rows(x):
    if math.prod(x.shape[:-1]) == 0:
        raise ValueError(f"x has shape {x.shape}, expected at least one row")


def _check_eps(eps):
    if not eps >= 0:
        raise ValueError(f"eps is {eps}, expected a number that is not negative")
