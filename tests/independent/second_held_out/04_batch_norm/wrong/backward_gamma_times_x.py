"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: dgamma sums dy * x, with the x that is not normalised.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    shape = x.shape
    x2 = x.reshape(-1, shape[-1])
    d2 = dy.reshape(-1, shape[-1])
    n = x2.shape[0]
    mu = x2.mean(0)
    sd = np.sqrt(x2.var(0) + eps)
    xh = (x2 - mu) / sd
    dbeta = d2.sum(0)
    dgamma = (d2 * x2).sum(0)
    dxh = d2 * gamma
    dx = (dxh - dxh.sum(0) / n - xh * (dxh * xh).sum(0) / n) / sd
    return dx.reshape(shape), dgamma, dbeta
