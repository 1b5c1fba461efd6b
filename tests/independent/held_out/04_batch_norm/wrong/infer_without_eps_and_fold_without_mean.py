"""Based on: arrays
Kind: double
Function: batch_norm_infer, fold_bn_into_conv
Mistake: Adds no eps at inference; and the folded bias does not subtract the moving mean.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return gamma * (x - moving_mean) / np.sqrt(moving_var) + beta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    a = gamma / np.sqrt(moving_var + eps)
    return np.einsum("ijkc,c->ijkc", w, a), a * b + beta
