"""Has helpers in other files for its figures, which were not handed in."""

import random
import sys

from . import figures
from .figures import show_batch
from helpers import *
from helpers.timing import Timer
from utils import seed_everything, show
import conv_utils
import numpy as np

random.seed(0)
np.random.seed(0)
seed_everything(0)
sys.dont_write_bytecode = True


class Stopwatch(Timer):
    def __init__(self):
        super().__init__("batch norm")


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    ax = tuple(np.arange(x.ndim)[:-1])
    mean = np.add.reduce(x, ax) / (x.size / x.shape[-1])
    var = np.add.reduce((x - mean) ** 2, ax) / (x.size / x.shape[-1])
    y = np.divide(x - mean, np.sqrt(var + eps)) * gamma + beta
    return y, moving_mean * momentum + mean * (1 - momentum), moving_var * momentum + var * (1 - momentum)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return (x - moving_mean) / (moving_var + eps) ** 0.5 * gamma + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    ax = tuple(np.arange(x.ndim)[:-1])
    m = x.size / x.shape[-1]
    s = (x.var(axis=ax) + eps) ** 0.5
    h = (x - x.mean(axis=ax)) / s
    dbeta = dy.sum(axis=ax)
    dgamma = (dy * h).sum(axis=ax)
    return gamma / s * (dy - dbeta / m - h * dgamma / m), dgamma, dbeta


show_batch(batch_norm_infer(np.ones((2, 3)), 1, 0, 0, 1))
figures.save("figure.png")
show(plot_all(conv_utils.CONSTANT))
with Stopwatch() as watch:
    pass
print(watch.seconds, show)


def demo():
    return draw_everything(watch)
