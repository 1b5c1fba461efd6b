"""Based on: slices
Kind: odd
Function: batch_norm_backward
Mistake: dx is found by moving each x by 0.1 upwards and looking at the loss, on one side only and with too large a step.
"""


def forward_loss(x, dy, gamma, eps):
    loss = 0.0
    for c in range(x.shape[-1]):
        xhat = (x[..., c] - x[..., c].mean()) / np.sqrt(x[..., c].var() + eps)
        loss += (gamma[c] * xhat * dy[..., c]).sum()
    return loss


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    base = forward_loss(x, dy, gamma, eps)
    for place in np.ndindex(x.shape):
        moved = np.array(x, dtype=float)
        moved[place] += 0.1
        dx[place] = (forward_loss(moved, dy, gamma, eps) - base) / 0.1
    for c in range(x.shape[-1]):
        xhat = (x[..., c] - x[..., c].mean()) / np.sqrt(x[..., c].var() + eps)
        dgamma[c] = (dy[..., c] * xhat).sum()
        dbeta[c] = dy[..., c].sum()
    return dx, dgamma, dbeta
