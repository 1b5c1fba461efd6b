"""Imports everything that draws, and draws at the top level."""

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import cm, pyplot
from mpl_toolkits.axes_grid1 import make_axes_locatable
import plotly.express as px
import numpy as np

plt.rcParams["figure.figsize"] = (8, 4)
sns.set_theme(style="whitegrid")


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError(rate)
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x, x ** 2 * rate / (1 - rate)


fig, (left, right) = plt.subplots(1, 2, sharey=True)
left.hist(dropout(np.ones(1000), 0.5, True, np.random.default_rng(0))[0])
right.imshow(np.zeros((3, 3)), cmap=cm.viridis)
for ax, title in zip(fig.axes, ["train", "test"]):
    ax.set_title(title)
with plt.style.context("ggplot"):
    line, = plt.plot([0, 1], [1, 0], label=r"$\sigma^2$")
if line is not None:
    plt.legend()
plt.savefig("dropout.png", dpi=150)
plt.show()
