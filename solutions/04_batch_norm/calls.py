"""Calls that explore the functions of exercise 4.

The plainest batch is one column of whole numbers; gamma is 1, beta 0 and eps 0, and the moving statistics are those of
the batch. The plainest gradient of y sums to 0 and does not vary with x: only the direct path sends it back.
"""

import numpy as np

from grader.course.call_family import Aspect, CallFamily

PATTERNS = np.array([[-4.0, -2, 0, 6], [-5, -3, 1, 7]])  # mean 0 and a whole variance, 14 or 21; the middle is not 0


def _table(rng, features, n, scales, spread, constant, numbers):
    """Return a table of different whole numbers, changed by the settings."""
    x = np.stack([_column(rng, n) for _ in range(features)], axis=1)
    if scales:
        x = x * 10.0 ** np.arange(features) + 100 * np.arange(features)
    if spread is not None:
        x = (x - x.mean(axis=0)) / x.std(axis=0) * spread + 2
    if numbers == "negative":
        x = -x
    if numbers == "fractions":
        x = x * 0.375 + 0.1
    if constant:
        x[:, 0] = x[0, 0]
    return x


def _column(rng, n):
    """Return different whole numbers. Four of them have a whole mean and a whole variance."""
    if n != 4:
        return rng.permutation(9)[:n] + 2.0
    return rng.permutation(PATTERNS[rng.integers(2)]) * rng.choice([-1, 1]) + rng.integers(9, 15)


def _as_images(x):
    """Return a table with an even number of rows as two images."""
    return x.reshape(2, 1, -1, x.shape[-1])


def _vectors(rng, features, gamma, beta):
    """Return gamma and beta: 1 and 0, or different whole numbers from 2."""
    return (
        rng.permutation(8)[:features] + 2.0 if gamma else np.ones(features),
        rng.permutation(8)[:features] + 2.0 if beta else np.zeros(features),
    )


def _moving(rng, x, moving):
    """Return the statistics of the batch, or others: whole numbers, and squares for the variance, or 0 ("constant")."""
    rows = x.reshape(-1, x.shape[-1])
    if moving == "batch":
        return rows.mean(axis=0), rows.var(axis=0)
    features = x.shape[-1]
    mean, squares = rng.permutation(9)[:features] + 10.0, (rng.permutation(6)[:features] + 5.0) ** 2
    return mean, squares * (moving != "constant")


def _without_none(*arguments):
    """Return the arguments up to the first None."""
    return arguments[: next((i for i, one in enumerate(arguments) if one is None), len(arguments))]


def _batch(
    rng,
    *,
    features=1,
    n=4,
    images=False,
    scales=False,
    spread=None,
    constant=False,
    numbers="whole",
    gamma=False,
    beta=False,
    moving="batch",
):
    """Return x, gamma, beta, the moving mean and the moving variance."""
    x = _table(rng, features, n, scales, spread, constant, numbers)
    moving_mean, moving_var = _moving(rng, x, moving)
    return (_as_images(x) if images else x, *_vectors(rng, features, gamma, beta), moving_mean, moving_var)


def _train(rng, *, momentum=0.5, eps=0.0, **settings):
    return _without_none(*_batch(rng, **settings), momentum, eps)


def _infer(rng, *, eps=0.0, alone=False, **settings):
    x, *others = _batch(rng, **settings)
    return _without_none(x[:1] if alone else x, *others, eps)


def _backward(
    rng,
    *,
    features=1,
    images=False,
    scales=False,
    spread=None,
    constant=False,
    gamma=False,
    eps=0.0,
    common=False,
    along=False,
    n=4,
):
    """Return dy, x, gamma and eps: dy sums to 0 and does not vary with x, unless `common` and `along` are set."""
    columns, gradients = [], []
    for _ in range(features):
        near, far = sorted(rng.permutation(6)[:2] + 1.0)
        turn = rng.permutation(4)
        k = rng.integers(1, 6) * rng.choice([-1.0, 1.0])
        columns.append((7 + rng.integers(1, 4) + np.array([-far, -near, near, far]))[turn])
        gradients.append(k * np.array([1.0, -1.0, -1.0, 1.0])[turn])
    x, dy = np.stack(columns, axis=1), np.stack(gradients, axis=1)
    if n > 4:
        x = _table(rng, features, n, False, None, False, "whole")
        dy = rng.integers(2, 9, size=x.shape) * rng.choice([-1.0, 1.0], size=x.shape)
    centred = x - x.mean(axis=0)
    if common:
        dy = dy + rng.integers(1, 6)
    if along:
        dy = dy + centred * rng.integers(1, 4)
    if scales:
        x = x * 10.0 ** np.arange(features) + 100 * np.arange(features)
    if spread is not None:
        x = centred / x.std(axis=0) * spread + 2
    if constant:
        x = np.full(x.shape, float(rng.integers(3, 9)))
    if images:
        dy, x = _as_images(dy), _as_images(x)
    return _without_none(dy, x, _vectors(rng, features, gamma, False)[0], eps)


def _fold(rng, *, filters=1, kernel=(1, 1), channels=1, bias=False, gamma=False, beta=False, moving_mean=False,
          moving_var=False, eps=0.0):  # fmt: skip
    """Return w, b, gamma, beta, the moving mean, the moving variance and eps."""
    shape = (*kernel, channels, filters)
    w = rng.permutation(30)[: int(np.prod(shape))].reshape(shape) + 1.0

    def numbers(wanted, otherwise):
        return rng.permutation(8)[:filters] + 2.0 if wanted else np.full(filters, otherwise)

    b, mean, squares = numbers(bias, 0.0), numbers(moving_mean, 0.0), numbers(moving_var, 1.0) ** 2
    return _without_none(w, b, *_vectors(rng, filters, gamma, beta), mean, squares, eps)


# ------------------------------------------------------------------------------------------------ valid calls


def _are_vectors(channels, *vectors):
    return all(isinstance(one, np.ndarray) and one.shape == (channels,) and np.isfinite(one).all() for one in vectors)


def _is_batch(x):
    return isinstance(x, np.ndarray) and x.ndim in (2, 4) and x.size > 0 and bool(np.isfinite(x).all())


def _can_divide(variance, eps):
    """Return whether the root of variance plus eps is not 0: without eps, no feature is constant."""
    return eps >= 0 and bool((variance >= 0).all() and (variance + eps > 1e-12).all())


def _variance(x):
    return x.reshape(-1, x.shape[-1]).var(axis=0)


def _can_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    return (
        _is_batch(x)
        and _are_vectors(x.shape[-1], gamma, beta, moving_mean, moving_var)
        and 0 <= momentum <= 1
        and bool((moving_var >= 0).all())
        and _can_divide(_variance(x), eps)
    )


def _can_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return (
        _is_batch(x)
        and _are_vectors(x.shape[-1], gamma, beta, moving_mean, moving_var)
        and _can_divide(moving_var, eps)
    )


def _can_send_back(dy, x, gamma, eps=1e-3):
    return (
        _is_batch(x)
        and _is_batch(dy)
        and dy.shape == x.shape
        and _are_vectors(x.shape[-1], gamma)
        and _can_divide(_variance(x), eps)
    )


def _can_fold(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    is_kernel = isinstance(w, np.ndarray) and w.ndim == 4 and w.size > 0 and np.isfinite(w).all()
    return (
        bool(is_kernel)
        and _are_vectors(w.shape[-1], b, gamma, beta, moving_mean, moving_var)
        and _can_divide(moving_var, eps)
    )


_GAMMA = Aspect("gamma is not 1", {"gamma": True})
_BETA = Aspect("beta is not 0", {"beta": True})
_EPS = Aspect("eps is not 0", {"eps": 4.0})
_FEATURES = (
    Aspect("there are several features", {"features": 2}),
    Aspect("the features have different scales", {"features": 2, "scales": True}),
    Aspect("x has four axes", {"images": True}),
)
_SMALL_EPS = Aspect("eps is 0.01 and the standard deviation is 0.3", {"eps": 1e-2, "spread": 0.3})
_OTHER = {"moving": "other"}
_NUMBERS = (
    Aspect("x has negative numbers", {"numbers": "negative"}),
    Aspect("x has fractions", {"numbers": "fractions"}),
)

CALLS = {
    "batch_norm_train": CallFamily(
        _train,
        (
            _GAMMA,
            _BETA,
            _EPS,
            Aspect("the moving statistics differ from those of the batch", _OTHER),
            Aspect("the momentum is 0.9", {"momentum": 0.9, **_OTHER}),
            *_FEATURES,
            _SMALL_EPS,
            Aspect("there are six examples", {"n": 6}),
            Aspect("there are two examples", {"n": 2}),
            Aspect("a feature is constant", {"constant": True, "eps": 1.0}),
            Aspect("momentum and eps are left out", {"momentum": None, "eps": None, **_OTHER}),
            *_NUMBERS,
        ),
        _can_train,
    ),
    "batch_norm_infer": CallFamily(
        _infer,
        (
            Aspect("the moving statistics differ from those of the batch", _OTHER),
            _GAMMA,
            _BETA,
            _EPS,
            *_FEATURES,
            Aspect("the batch has one example", {"alone": True, **_OTHER}),
            _SMALL_EPS,
            Aspect("eps is left out", {"eps": None}),
            *_NUMBERS,
            Aspect("the moving variance is 0", {"moving": "constant", "eps": 4.0}),
        ),
        _can_infer,
    ),
    "batch_norm_backward": CallFamily(
        _backward,
        (
            Aspect("dy does not sum to 0", {"common": True}),
            Aspect("dy varies with x", {"along": True}),
            _GAMMA,
            _EPS,
            *_FEATURES,
            _SMALL_EPS,
            Aspect("x and dy are any six numbers", {"n": 6}),
            Aspect(
                "gamma is not 1, and dy has a sum and varies with x",
                {"gamma": True, "common": True, "along": True, "features": 3},
            ),
            Aspect("eps is left out", {"eps": None}),
            Aspect("a feature is constant", {"constant": True, "common": True, "eps": 4.0}),
        ),
        _can_send_back,
    ),
    "fold_bn_into_conv": CallFamily(
        _fold,
        (
            _GAMMA,
            Aspect("the moving variance is not 1", {"moving_var": True}),
            Aspect("the bias is not 0", {"bias": True}),
            _BETA,
            Aspect("the moving mean is not 0", {"moving_mean": True}),
            _EPS,
            Aspect("there are several filters", {"filters": 2}),
            Aspect("there are several channels", {"channels": 3}),
            Aspect("the kernel is not 1 x 1", {"kernel": (2, 3)}),
            Aspect("eps is left out", {"eps": None}),
        ),
        _can_fold,
    ),
}
