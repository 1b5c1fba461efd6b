"""Based on: arrays
Kind: odd
Function: conv2d
Mistake: Multiplies Fourier transforms without room for the kernel, and then cuts the wrong corner of the result, which wraps around.
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    s = (stride, stride) if isinstance(stride, int) else tuple(stride)
    xp = pad2d(x, _pads(x, w, s, padding))
    kh, kw, _, c_out = w.shape
    size = xp.shape[1:3]
    oh = max((size[0] - kh) // s[0] + 1, 0)
    ow = max((size[1] - kw) // s[1] + 1, 0)
    if oh == 0 or ow == 0:
        return np.zeros((x.shape[0], oh, ow, c_out))
    X = np.fft.fft2(xp, axes=(1, 2))
    K = np.fft.fft2(w[::-1, ::-1], s=size, axes=(0, 1))
    full = np.fft.ifft2(np.einsum("nijc,ijcf->nijf", X, K), axes=(1, 2)).real
    full = full[:, : size[0] - kh + 1, : size[1] - kw + 1]
    return full[:, :: s[0], :: s[1]] + b
