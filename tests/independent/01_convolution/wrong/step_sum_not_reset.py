"""Based on: loops
Kind: single
Function: conv2d_step
Mistake: Starts the sum once before the loop over filters, so each filter also contains the ones before it.
"""


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    out = np.zeros(C_out)
    total = 0.0
    for f in range(C_out):
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    total += patch[i, j, c] * w[i, j, c, f]
        out[f] = total + b[f]
    return out
