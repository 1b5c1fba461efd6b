from numpy import *
from numpy.linalg import *
from numpy.random import *


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(arange(x.ndim - 1))
    mu, sigma2 = mean(x, axis=axes), var(x, axis=axes)
    y = gamma * (x - mu) / sqrt(sigma2 + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * sigma2


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return divide(gamma, sqrt(moving_var + eps)) * subtract(x, moving_mean) + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    m = prod(array(x.shape[:-1]))
    s = sqrt(var(x, axis=axes) + eps)
    h = (x - mean(x, axis=axes)) / s
    dbeta, dgamma = sum(dy, axis=axes), sum(dy * h, axis=axes)
    return gamma / s * (dy - dbeta / m - h * dgamma / m), dgamma, dbeta
