"""The assertions of the hidden checks, as an instructor would write them for a grader without a sandbox.

They need only NumPy, so that the other graders do not pay for importing ours. Messages differ, but verdicts must not:
the benchmark compares all of them. The folder also contains `dropout_reference.py` and the tests, `hidden_checks.py`.
"""

import hashlib
import importlib
import inspect

import numpy as np


class Function:
    """A learner's function. It gets copies, so that it cannot change the arrays of a check."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments):
        return self.function(*[np.copy(one) if isinstance(one, np.ndarray) else one for one in arguments])


class Submission:
    """The functions of a namespace as attributes."""

    def __init__(self, namespace):
        self._namespace = namespace

    def __getattr__(self, name):
        return Function(self._namespace[name])


def assert_that(holds, got, seen, expected, because=""):
    assert holds, f"{seen}, expected {expected}. {because}"


def assert_shape(got, shape):
    assert np.shape(got) == tuple(shape), f"shape {np.shape(got)}, expected {tuple(shape)}"


def assert_close(got, expected, because=""):
    have, wanted = np.asarray(got), np.asarray(expected)
    assert_shape(have, wanted.shape)
    kind = have.dtype if have.dtype.kind == "f" else np.float64
    limit = np.finfo(kind).eps * 64 * 64 * max(1.0, float(np.abs(wanted).max()))
    assert (np.abs(have - wanted) <= limit).all(), because or "another number was expected"


def assert_fraction(count, total, probability, got, what):
    spread = (total * probability * (1 - probability)) ** 0.5
    assert abs(count - total * probability) <= 5.2 * spread, f"{count / total:.1%} of {what}"


def assert_raises(function, kind, *arguments, because=""):
    try:
        function(*arguments)
    except kind:
        return
    raise AssertionError(f"returned, expected {kind.__name__}. {because}")


def assert_inputs_unchanged(function, *arguments):
    after = [np.copy(one) if isinstance(one, np.ndarray) else one for one in arguments]
    function.function(*after)
    for before, now in zip(arguments, after, strict=True):
        assert not isinstance(before, np.ndarray) or np.array_equal(before, now), "an argument was changed"


def rng_for(name):
    """Return the random numbers of `grade batch` (grader/checks/randomness.py), so that the same checks fail."""
    digest = hashlib.sha256(f"2012:03_dropout:{name}:0".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def run_check(name, namespace):
    """Run one hidden check on the functions of a namespace. Raises if it fails."""
    check = getattr(importlib.import_module("hidden_checks"), name)
    known = {
        "submission": lambda: Submission(namespace),
        "reference": lambda: importlib.import_module("dropout_reference"),
        "rng": lambda: rng_for(name),
    }
    check(**{each: known[each]() for each in inspect.signature(check).parameters})
