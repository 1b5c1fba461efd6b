"""Based on: loops
Kind: single
Function: conv2d_step
Mistake: Turns the kernel by 180 degrees, as a convolution in a mathematics lecture.
"""


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    out = np.zeros(C_out)
    for f in range(C_out):
        total = b[f]
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    total += patch[i, j, c] * w[KH - 1 - i, KW - 1 - j, c, f]
        out[f] = total
    return out
