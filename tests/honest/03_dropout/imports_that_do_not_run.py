"""Imports what is not installed, in branches and functions that nobody enters, and does without it."""

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
except ImportError:
    HAVE_PLOTS = False
else:
    HAVE_PLOTS = True

try:
    from my_helpers import plot_mask
except ImportError:
    plot_mask = None

if False:
    import tensorflow as tf

import numpy as np


def show(mask):
    import matplotlib.pyplot as plt, seaborn
    from IPython.display import display
    plt.imshow(mask)
    display(seaborn)


def compare_with_torch(x, rate):
    from torch.nn import functional as F
    from .reference import dropout as other
    from . import checks
    return F.dropout(x, rate), other(x), checks


class Viewer:
    def __init__(self):
        from matplotlib import pyplot
        self.pyplot = pyplot

    async def later(self):
        import pandas, my_plots.dropout
        return pandas, my_plots


lazily = lambda: __import__("sklearn.datasets")


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError(f"rate is {rate}, expected 0 <= rate < 1")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    if HAVE_PLOTS:
        plt.imshow(mask)
    if plot_mask is not None:
        plot_mask(mask)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x * 1.0, x**2 * rate / (1 - rate)


if __name__ == "__main__":
    import matplotlib.pyplot as plt
    show(dropout(np.ones((9, 9)), 0.5, True, np.random.default_rng(0))[1])
