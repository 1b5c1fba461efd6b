from pylab import *

figure(figsize=(4, 3))
plot(linspace(0, 1), sin(linspace(0, 1)), "r-")
xlabel("x"); ylabel("y"); grid(True); show()
seed(0); noise = randn(3)


def rows(x):
    return x.reshape(-1, x.shape[-1])


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mu = rows(x).mean(0)
    spread = rows(x).std(0) ** 2
    y = (x - mu) / sqrt(spread + eps) * gamma + beta
    return y, moving_mean + (1 - momentum) * (mu - moving_mean), moving_var + (1 - momentum) * (spread - moving_var)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return (x - moving_mean) / sqrt(moving_var + eps) * gamma + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    n = len(rows(x))
    centred = x - rows(x).mean(0)
    inverse = 1 / sqrt(rows(centred**2).mean(0) + eps)
    dgamma = sum(rows(dy * centred * inverse), axis=0)
    dbeta = sum(rows(dy), axis=0)
    dx = gamma * inverse / n * (n * dy - dbeta - centred * inverse * dgamma)
    return dx, dgamma, dbeta
