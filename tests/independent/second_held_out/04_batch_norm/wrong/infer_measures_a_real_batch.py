"""Based on: beginner
Kind: single
Function: batch_norm_infer
Mistake: The statistics of the batch are used at inference if it has more than one example.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    if x.shape[0] > 1:
        # enough examples to measure
        if x.ndim == 4:
            mean = x.mean(axis=(0, 1, 2))
            var = x.var(axis=(0, 1, 2))
        else:
            mean = x.mean(axis=0)
            var = x.var(axis=0)
    else:
        # only one example, so take the remembered ones
        mean = moving_mean
        var = moving_var
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
