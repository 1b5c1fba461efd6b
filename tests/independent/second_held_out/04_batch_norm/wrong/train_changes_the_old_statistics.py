"""Based on: beginner
Kind: single
Function: batch_norm_train
Mistake: `*=` and `+=` write the new moving statistics into the caller's arrays.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    flat = x.reshape(-1, C)
    m = flat.mean(axis=0)
    v = ((flat - m) ** 2).mean(axis=0)
    out = (flat - m) / np.sqrt(v + eps) * gamma + beta
    # update the moving averages
    moving_mean *= momentum
    moving_mean += (1 - momentum) * m
    moving_var *= momentum
    moving_var += (1 - momentum) * v
    return out.reshape(x.shape), moving_mean, moving_var
