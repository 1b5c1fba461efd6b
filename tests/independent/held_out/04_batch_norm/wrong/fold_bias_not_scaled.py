"""Based on: slices
Kind: single
Function: fold_bn_into_conv
Mistake: Scales only the moving mean, not the bias of the convolution.
"""


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    new_w = np.empty(w.shape)
    new_b = np.empty(b.shape)
    for c in range(w.shape[-1]):
        std = np.sqrt(moving_var[c] + eps)
        new_w[..., c] = w[..., c] * gamma[c] / std
        new_b[c] = b[c] - moving_mean[c] * gamma[c] / std + beta[c]
    return new_w, new_b
