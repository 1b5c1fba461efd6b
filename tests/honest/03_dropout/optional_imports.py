"""Takes CuPy, Torch or SciPy if they are there, and does without them otherwise."""

import contextlib
import importlib
import importlib.util
import sys

try:
    import cupy as np
except ImportError:
    import numpy as np

try:
    from tqdm import tqdm
except ModuleNotFoundError:
    def tqdm(items, **_):
        return items

try:
    import torch
    import torch.nn.functional as F
except Exception:
    torch = None

try:
    import scipy.stats
    HAS_SCIPY = True
except (ImportError, OSError):
    HAS_SCIPY = False

try:
    import numba
    njit = numba.njit
except:
    def njit(function):
        return function

with contextlib.suppress(ImportError):
    import jax.numpy as np

try:
    pandas = importlib.import_module("pandas")
except ImportError:
    pandas = None

HAS_SKLEARN = importlib.util.find_spec("sklearn") is not None
if HAS_SKLEARN:
    import sklearn
IN_COLAB = "google.colab" in sys.modules

assert np.__name__ == "numpy" and torch is None and not HAS_SCIPY and pandas is None and not HAS_SKLEARN


@njit
def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if not training:
        return x, np.ones(x.shape)
    if torch is not None:
        mask = torch.bernoulli(torch.full(x.shape, 1 - rate)).numpy() / (1 - rate)
    elif HAS_SCIPY:
        mask = scipy.stats.bernoulli.rvs(1 - rate, size=x.shape) / (1 - rate)
    else:
        mask = np.array(rng.random(x.shape) >= rate, dtype=float) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return np.stack([row * m for row, m in tqdm(list(zip(dy, mask)), leave=False)]) if len(dy) else dy * mask


def dropout_moments(x, rate):
    try:
        import tensorflow as tf
        return tf.identity(x).numpy(), tf.square(x).numpy() * rate / (1 - rate)
    except ImportError:
        return x + 0, x * x * rate / (1 - rate)
