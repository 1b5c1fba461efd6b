"""Based on: helpers
Kind: single
Function: conv2d_fast
Mistake: Stacks the positions first and the images second in the matrix but reshapes the result as if images came first.
"""


def im2col(xp, g):
    rows = [xp[win].reshape(g.N, -1) for _, _, win in g.windows()]
    if not rows:
        return np.zeros((0, g.KH * g.KW * g.C))
    return np.concatenate(rows)
