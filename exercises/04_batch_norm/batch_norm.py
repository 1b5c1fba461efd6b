"""Exercise 4: batch normalisation.

Each layer learns on numbers that the layers before it keep moving. Batch norm puts every channel back to mean 0 and
spread 1, batch by batch, and then lets the network choose a mean and a spread of its own: `beta` and `gamma`.

    x: 5 examples, 2 features                     y, for gamma = (6, 10), beta = (1, 7), eps = 1
    +---+-----+                                   +----+----+
    | 1 |  92 |                                   | -7 | -9 |
    | 3 |  98 |   every COLUMN is put             | -3 |  3 |
    | 5 | 100 |   back on its own                 |  1 |  7 |
    | 7 | 104 |                                   |  5 | 15 |
    | 9 | 106 |                                   |  9 | 19 |
    +---+-----+                                   +----+----+

By hand, for the first column:

    mean      5  = (1 + 3 + 5 + 7 + 9) / 5
    variance  8  = (16 + 4 + 0 + 4 + 16) / 5            divided by 5, not by 4
    spread    3  = sqrt(8 + 1)                          eps stands under the root
    y[0, 0]  -7  = 6 * (1 - 5) / 3 + 1

and what the layer remembers for later, if it remembered mean 15 and variance 18 before, with momentum 0.9:

    new_mean 14  = 0.9 * 15 + 0.1 * 5
    new_var  17  = 0.9 * 18 + 0.1 * 8                   the momentum is the share of the OLD value

Two shapes, one rule: the last axis holds the channels, and each channel has one mean.

    x (N, C)          one mean from N numbers
    x (N, H, W, C)    one mean from N * H * W numbers: every pixel of every image counts as one more example

    gamma, beta, moving_mean, moving_var, dgamma, dbeta      all of shape (C,)
    y and dx                                                 the shape of x

Traps:
  - Training normalises by the batch, inference by what was remembered. Neither ever does the other's work.
  - At inference a batch may hold a single example. It must come out as it would in company.
  - A column may be constant. Nothing may become infinite.
  - Height in cm and weight in kg stand in one table. They share nothing.
  - What you are given stays as it was: return NEW moving statistics, do not write into the old ones.

Why does momentum 0.99 ruin short runs?
  The moving statistics start as mean 0 and variance 1, which is true of no data. After t batches a share of momentum**t
  of that start is still in them. Eight epochs of 12 batches are 96 steps:

      0.99**96 = 0.38       more than a third of what inference uses was never measured
      0.90**96 = 0.00004    the start is forgotten

  Training does not notice, because it uses the batch's own statistics: the loss falls as it should. Only inference,
  and with it the validation score, goes wrong. On a small set of handwritten digits a network reached an accuracy of
  0.75 in 8 epochs with 0.99, and of 0.99 with 0.9. Keras' default is 0.99, made for runs of many thousand steps. It is
  the default here too, so that your functions agree with the layer; in this course's short runs, ask for 0.9.

References:
  Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
  2015: algorithm 1 (training), algorithm 2 (inference), section 3 (the gradients).
  Keras documentation, `BatchNormalization`.

Only NumPy (and the standard library's mathematics) is needed.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise each channel by the statistics of this batch, then scale it by `gamma` and shift it by `beta`.

    x            (N, C) or (N, H, W, C)
    gamma, beta  (C,)
    moving_mean, moving_var  (C,): remembered from the batches before; they have no influence on y
    momentum     how much of the remembered values stays
    eps          added to the variance, under the root

    Returns y, new_mean, new_var: y has the shape of x, the other two (C,).

    Keras keeps a moving average of the variance that y was divided by, the one with N in the denominator. (PyTorch
    keeps the one with N - 1. That is accepted, with a remark.)

    Try by hand: x = [[1], [9]] with eps=9. Mean 5, variance 16, sqrt(16 + 9) = 5, so x becomes -0.8 and 0.8.
    """
    # TODO 1: which axes does one mean run over? Find a way to say it that serves two axes and four.
    raise NotImplementedError("Task 1: write batch_norm_train")


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise each channel by the moving statistics, then scale and shift it.

    x            (N, C) or (N, H, W, C); N may be 1
    gamma, beta, moving_mean, moving_var  (C,)

    Returns y, of the shape of x.

    Try by hand: x = [[8, 100]], moving mean (2, 90), moving variance (8, 24), gamma = (3, 10), beta = (1, 7), eps=1
    gives [[7, 27]]: 7 = 3 * (8 - 2) / 3 + 1.
    """
    # TODO 2: what of x may you look at here, apart from the number that you are normalising?
    raise NotImplementedError("Task 2: write batch_norm_infer")


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """The gradients of the loss by x, gamma and beta, for the training form.

    dy     the gradient by y, of the shape of x
    x      (N, C) or (N, H, W, C): the input of the forward pass
    gamma  (C,)
    eps    the same as in the forward pass

    Returns dx, dgamma, dbeta: dx has the shape of x, the other two (C,).

    A number in x reaches the loss by three roads:

                 directly
        x[m] --------------------> (x[m] - mean) / spread ---> y[m]
          |                              ^         ^
          +----> the batch's mean -------+         |           and so to every other y
          +----> the batch's variance -------------+           of its channel, too

    Try by hand: x = 3, 3, 7, 7 in one column, dy = 1, 2, 3, 6, gamma = 4, eps=0.
    dbeta = 12, dgamma = 6 = -1 - 2 + 3 + 6, dx = -1, 1, -3, 3.
    Add 1 to every x: y does not change. What does that say about the sum of dx?

    A second way to check yourself: move one x by 1e-5 up and down, and see how far sum(y * dy) moves.
    """
    # TODO 3: begin with dbeta and dgamma; then write down each road, and add them up.
    raise NotImplementedError("Task 3: write batch_norm_backward")


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """A bonus: one convolution that does what a convolution and a batch norm at inference do in turn.

        x --> conv (w, b) --> batch norm --> y
        x --> conv (new_w, new_b) ---------> y      the same y

    w  (KH, KW, C_in, C_out): the last axis counts the filters, which are the channels that batch norm sees
    b, gamma, beta, moving_mean, moving_var  (C_out,)

    Returns new_w, new_b, of the shapes of w and b.

    At inference batch norm only multiplies each channel by a fixed number and adds another. For this reason networks
    on phones run without any batch norm in them (Jacob et al., 2018).

    Try by hand: one weight 3, bias 4, gamma = 10, beta = 7, moving mean 1, moving variance 16, eps=9
    gives the weight 6 and the bias 13.
    """
    # TODO 4 (bonus): what is a pixel multiplied by in the end, and what is added to it?
    raise NotImplementedError("Task 4: write fold_bn_into_conv")
