"""Based on: loops
Kind: single
Function: conv2d_step
Mistake: The bias is added to each product before the sum.
"""


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    result = np.zeros(C_out)
    for f in range(C_out):
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    # weight times pixel plus bias
                    result[f] += patch[i, j, c] * w[i, j, c, f] + b[f]
    return result
