"""Based on: arrays
Kind: odd
Function: dropout_backward
Mistake: The masked gradient is stretched so that its length is that of dy, because dropout should not change the speed of learning.
"""


def dropout_backward(dy, mask):
    dx = dy * (mask > 0)
    return dx * np.linalg.norm(dy) / (np.linalg.norm(dx) + 1e-12)
