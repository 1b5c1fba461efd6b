"""Dropout: silence a random part of a layer during training, and use the whole layer at inference.

A network that can rely on every unit memorises: one unit remembers the whiskers of the third training picture, and the
next unit depends on it. Dropout breaks such conspiracies. In every training step, each unit is switched off
independently with probability `rate`, so the others must work without it.

    x                  fate (rate 0.25)      y = x * mask, the survivors scaled by 1 / (1 - 0.25)
    [4  8  6  2]       [on on off on]        [5.33  10.67  0  2.67]

The scaling happens during training ("inverted dropout"), so there is nothing to do at inference: the mean of each unit
is the same in both.

References: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks
from Overfitting", JMLR 15 (2014), which scales at test time instead; Keras 3, `keras.layers.Dropout`.
"""

import numpy as np


def dropout_loops(x, rate, training, rng):
    """Compute `dropout` one unit at a time: read this first."""
    if training:
        _check_rate(rate)
    y = np.array(x)
    mask = np.ones_like(y)
    if not training or rate == 0:
        return y, mask
    for index in np.ndindex(x.shape):
        if rng.random() < rate:
            mask[index] = 0  # this unit is silent in this step
        else:
            mask[index] = 1 / (1 - rate)  # this one makes up for the silent units
        y[index] = x[index] * mask[index]
    return y, mask


def dropout(x, rate, training, rng):
    """Switch units off at random during training; leave them unchanged otherwise.

    Parameters
    ----------
    x : array of floats with one axis or more. It is not modified.
    rate : float in [0, 1). The probability that a unit is switched OFF.
    training : bool. At inference, nothing is dropped.
    rng : numpy.random.Generator. The only source of random numbers.

    Returns
    -------
    y : array, the shape of x. `y = x * mask`.
    mask : array, the shape of x. During training, each element is 0 with probability `rate` and 1 / (1 - rate)
        otherwise, independently of all others. At inference or with rate 0, all elements are 1.

    Raises
    ------
    ValueError
        If the rate is outside [0, 1) in training: with rate 1, nothing would be left to scale.

    Why 1 / (1 - rate): E[mask] = rate * 0 + (1 - rate) * 1 / (1 - rate) = 1, so E[y] = x.

    Cost: one random number per element.

    >>> y, mask = dropout(np.full((2, 3), 7.0), 0.3, False, np.random.default_rng(0))
    >>> y.tolist(), mask.tolist()
    ([[7.0, 7.0, 7.0], [7.0, 7.0, 7.0]], [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    >>> y, mask = dropout(np.full(1000, 6.0), 0.25, True, np.random.default_rng(0))
    >>> sorted(set(y.tolist()))
    [0.0, 8.0]
    """
    if training:
        _check_rate(rate)
    if not training or rate == 0:
        return np.array(x), np.ones_like(x)
    keep = rng.random(x.shape) >= rate  # True with probability 1 - rate
    mask = keep.astype(x.dtype) / x.dtype.type(1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    """Send the gradient back through the units that were on, and only through those.

    `y = x * mask` is linear in each element of x, so dy/dx is the mask itself: the same mask as in the forward pass.

    Parameters
    ----------
    dy : array. The gradient of the loss with respect to y. It is not modified.
    mask : array, the shape of dy. The mask that `dropout` returned with y.

    Returns
    -------
    dx : array, the shape of dy.

    >>> dropout_backward(np.array([3.0, 5.0]), np.array([0.0, 2.0])).tolist()
    [0.0, 10.0]
    """
    return dy * mask


def dropout_moments(x, rate):
    """Predict the mean and the variance of each unit after dropout.

    A unit x becomes 0 with probability `rate` and x / (1 - rate) otherwise:

        mean      = rate * 0 + (1 - rate) * x / (1 - rate)                 = x
        variance  = E[y^2] - x^2 = (1 - rate) * x^2 / (1 - rate)^2 - x^2   = x^2 * rate / (1 - rate)

    Parameters
    ----------
    x : array of any shape, floats. It is not modified.
    rate : float in [0, 1).

    Returns
    -------
    mean : array, the shape of x.
    variance : array, the shape of x.

    Raises
    ------
    ValueError
        If the rate is outside [0, 1).

    Worked by hand: x = 6 and rate = 0.25 give 0 or 8; mean 0.75 * 8 = 6; variance 0.25 * 6^2 + 0.75 * 2^2 = 12.

    >>> dropout_moments(np.array([6.0]), 0.25)
    (array([6.]), array([12.]))
    """
    _check_rate(rate)
    return np.array(x), x**2 * (rate / (1 - rate))


def _check_rate(rate):
    if not 0 <= rate < 1:
        raise ValueError(f"rate is {rate}, expected a probability in [0, 1): the share of units to switch off")
