"""Functions made by functions; defaults from module constants; partial applications."""

from functools import partial
import operator as op

import numpy as np

MOMENTUM, EPS = 0.99, 1e-3
AXES = {2: (0,), 4: (0, 1, 2)}
np.random.seed(42)


def make(train):
    state = {"calls": 0}

    def normalise(x, mean, var, gamma, beta, eps):
        state["calls"] += 1
        return op.add(op.mul(gamma, (x - mean) / np.sqrt(var + eps)), beta)

    def forward(x, gamma, beta, moving_mean, moving_var, momentum=MOMENTUM, eps=EPS):
        nonlocal train
        mean, var = x.mean(AXES[x.ndim]), x.var(AXES[x.ndim])
        y = normalise(x, mean, var, gamma, beta, eps)
        mix = partial(lambda keep, old, new: keep * old + (1 - keep) * new, momentum)
        return y, mix(moving_mean, mean), mix(moving_var, var)

    def infer(x, gamma, beta, moving_mean, moving_var, eps=EPS):
        return normalise(x, moving_mean, moving_var, gamma, beta, eps)

    return forward if train else infer


batch_norm_train, batch_norm_infer = map(make, (True, False))


def batch_norm_backward(dy, x, gamma, eps=EPS):
    axes = AXES[x.ndim]
    m = x.size / x.shape[-1]

    def chain():
        centred = x - x.mean(axes)
        inverse = (x.var(axes) + eps) ** -0.5
        yield "dgamma", (dy * centred * inverse).sum(axes)
        yield "dbeta", dy.sum(axes)
        d_hat = dy * gamma
        d_var = (d_hat * centred * -0.5 * inverse**3).sum(axes)
        d_mean = -(d_hat * inverse).sum(axes) + d_var * (-2 * centred).sum(axes) / m
        yield "dx", d_hat * inverse + d_var * 2 * centred / m + d_mean / m

    found = dict(chain())
    return found["dx"], found["dgamma"], found["dbeta"]
