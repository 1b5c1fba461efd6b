"""Based on: slices
Kind: double
Function: batch_norm_infer
Mistake: eps is left out at inference; and gamma is not applied.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    sd = np.sqrt(moving_var)
    # the stored values already belong to the trained layer
    return (x - moving_mean) / sd + beta
