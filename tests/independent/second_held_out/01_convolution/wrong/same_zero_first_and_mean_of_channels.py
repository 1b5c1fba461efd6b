"""Based on: beginner
Kind: double
Function: same_padding, conv2d_step
Mistake: The odd zero goes before; and the sum over the patch is divided by the number of channels.
"""


def same_padding(n, k, s):
    how_many = int(np.ceil(n / s))
    total = (how_many - 1) * s + k - n
    if total < 0:
        total = 0
    # the bigger half first
    before = int(np.ceil(total / 2))
    after = total // 2
    return before, after


def conv2d_step(patch, w, b):
    channels = patch.shape[2]
    result = np.zeros(w.shape[3])
    for f in range(w.shape[3]):
        total = 0
        for c in range(channels):
            total += np.sum(patch[:, :, c] * w[:, :, c, f])
        # average over the colours
        result[f] = total / channels + b[f]
    return result
