"""Exercise 1: convolution.

Place a small kernel on an image, multiply, add up, and move on. One filter finds one feature, wherever it is.

    image (3, 3)      kernel (2, 2)      output (2, 2)
    +---+---+---+
    | 0 | 1 | 2 |     +---+---+          +----+----+
    +---+---+---+     | 0 | 1 |          | 19 | 25 |
    | 3 | 4 | 5 |  *  +---+---+    =     +----+----+
    +---+---+---+     | 2 | 3 |          | 37 | 43 |
    | 6 | 7 | 8 |     +---+---+          +----+----+
    +---+---+---+
    19 = 0*0 + 1*1 + 3*2 + 4*3     (the kernel on the top-left corner)

Shapes
    images  x (N, H, W, C_in)           N images, rows, columns, channels
    kernels w (KH, KW, C_in, C_out)     C_out filters; each sees all C_in channels at once
    bias    b (C_out,)                  one number per filter
    output  y (N, OH, OW, C_out)

    padding "valid"      OH = (H - KH) // SH + 1          the kernel stays inside
    padding "same"       OH = ceil(H / SH)                as many zeros as this needs; the odd one at the bottom
    padding p (an int)   OH = (H + 2 * p - KH) // SH + 1  p zeros on all four sides

    stride is an int or a pair (SH, SW): rows first.
    If the kernel is one row or column larger than the padded image, the formula gives 0, and conv2d returns an empty
    output. Kernels that are larger still do not occur.

Common traps
    - The kernel is not flipped.
    - Add the bias once per output, not once per product.
    - "same" keeps the size of the input only at stride 1. At stride 2 it gives half the size, rounded up.
    - Cropping the padding from a gradient with [p:-p] fails without padding: what is a[0:-0]?
    - Windows overlap. A pixel that nine windows see gets nine gradients.
    - Do not write into the arguments: the caller still needs them.

Read more
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016 (all the pictures). Keras: Conv2D.

Grade it with:  grade exercise 1      Write the functions in order: the later ones use the earlier ones.
"""

import numpy as np


def same_padding(n, k, s):
    """Return the zeros (before, after) that padding "same" adds to an axis of n pixels, for kernel k and stride s.

    By hand: n=6, k=3, s=2. ceil(6 / 2) = 3 windows start at 0, 2 and 4; the last one ends at 7. One pixel is missing,
    and an odd zero goes after: (0, 1).
    """
    # TODO: how far does the last window reach?
    raise NotImplementedError("Task 1: write same_padding")


def pad2d(x, pads):
    """Put zeros around each image: x (N, H, W, C), pads ((top, bottom), (left, right))."""
    # TODO: make a larger array of zeros and put x in the middle.
    raise NotImplementedError("Task 2: write pad2d")


def conv2d_step(patch, w, b):
    """Apply all filters at one position: patch (KH, KW, C_in), w (KH, KW, C_in, C_out), b (C_out,) -> (C_out,).

    By hand, for the corner in the picture above and a bias of 100: 0*0 + 1*1 + 3*2 + 4*3 + 100 = 119.
    """
    # TODO: for each filter, multiply, add up, add the bias.
    raise NotImplementedError("Task 3: write conv2d_step")


def conv2d(x, w, b, stride=1, padding="valid"):
    """Compute the whole convolution: x (N, H, W, C_in), w (KH, KW, C_in, C_out), b (C_out,) -> (N, OH, OW, C_out)."""
    # TODO: pad, count the positions, and take a step at each one.
    raise NotImplementedError("Task 4: write conv2d")


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    """Return the gradients (dx, dw, db), with the shapes of x, w and b, given dy (N, OH, OW, C_out).

    dw and db are sums over all images and positions. The kernel always fits, so dy is never empty.

    By hand, for the picture above with dy all ones: db = 4. The centre of dx is 0 + 1 + 2 + 3 = 6, because all four
    windows saw it, each with a different weight. dw[0, 0] = 0 + 1 + 3 + 4 = 8: the pixels that this weight multiplied.
    """
    # TODO: loop over the same windows again, and send each dy back to the patch and to the kernel.
    raise NotImplementedError("Task 5: write conv2d_backward")


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    """Compute the same as conv2d, but fast. The kernel always fits.

    The grader measures the processor time for one image of 64 x 64 and a 3 x 3 kernel, including the time to send the
    arrays to your process and back. You get the points for speed if it is at most 25 times the time of the reference.
    Two ways took 2 to 7 times as long: windows as the rows of a matrix, and a loop over the few positions inside the
    kernel. A Python loop over the output's pixels took at least 57 times as long.
    """
    # TODO: np.lib.stride_tricks.sliding_window_view is worth a look.
    raise NotImplementedError("Task 6: write conv2d_fast")


def conv2d_dilated(x, w, b, stride=1, padding="valid", dilation=1):
    """Optional: spread the kernel's weights `dilation` pixels apart (an int or a pair)."""
    # TODO, if you like: how many pixels does a 3 x 3 kernel with dilation 2 span?
    raise NotImplementedError("Bonus 1: write conv2d_dilated")


def conv2d_grouped(x, w, b, stride=1, padding="valid", groups=1):
    """Optional: run `groups` convolutions side by side, w (KH, KW, C_in / groups, C_out)."""
    # TODO, if you like: which channels does the second group see, and which maps does it make?
    raise NotImplementedError("Bonus 2: write conv2d_grouped")
