"""The assertions of the hidden checks, as an instructor would write them for a grader without a sandbox.

They need only NumPy, so that the other graders do not pay for importing ours. Messages differ, but verdicts must not:
the benchmark compares them. `benchmarks/plain_folder.py` writes this file into a folder with the reference, with
`contract.py`, which names the arguments and the results, and with the tests, `hidden_checks.py`.
"""

import copy
import enum
import hashlib
import importlib
import inspect
import math
import time
from types import SimpleNamespace

import numpy as np
from contract import ARGUMENTS, EXERCISE, RESULTS

Reason = enum.Enum("Reason", "WRONG_DISTRIBUTION WRONG_SHAPE WRONG_TYPE WRONG_VALUE TOO_SLOW")


class CheckFailedError(AssertionError):
    """The learner's answer is wrong."""


class Result(np.ndarray):
    """An array that remembers its call and its name."""

    def __array_finalize__(self, source):
        self.call = getattr(source, "call", None)
        self.name = getattr(source, "name", "result")


class Function:
    """A learner's function. It gets copies, so that it cannot change the arrays of a check."""

    def __init__(self, name, function):
        self.name = name
        self.function = function

    def __call__(self, *arguments, **named):
        value = self.function(*copy.deepcopy(arguments), **copy.deepcopy(named))
        names = RESULTS[self.name]
        call = SimpleNamespace(function=self.name, arguments=dict(zip(ARGUMENTS[self.name], arguments, strict=False)))
        if len(names) == 1:
            return as_result(value, names[0], call)
        assert len(value) == len(names), f"{self.name} returned {len(value)} values, expected {names}"
        return tuple(as_result(part, name, call) for part, name in zip(value, names, strict=True))

    def map(self, cases):
        return (self(*case) for case in cases)

    def arguments_after(self, arguments):
        after = copy.deepcopy(arguments)
        self.function(*after)
        return after

    def raised_by(self, *arguments):
        try:
            self.function(*copy.deepcopy(arguments))
        except Exception as error:
            return error
        return None

    def describe(self, *arguments):
        return f"{self.name} with {arguments}"


def as_result(value, name, call):
    """Return an answer as an array with its name, or a number as it is."""
    numeric = isinstance(value, np.ndarray | np.number | bool | int | float | complex | tuple | list)
    assert numeric, f"{name} is a {type(value).__name__}, expected an array"
    if isinstance(value, bool | int | float):
        return value
    result = np.asarray(value).view(Result)
    result.call, result.name = call, name
    return result


class Submission:
    """The functions of a namespace as attributes."""

    def __init__(self, namespace):
        self._namespace = namespace

    def __getattr__(self, name):
        return Function(name, self._namespace[name])


def fail(got, seen, expected="", because="", sign="", reason=None):
    raise CheckFailedError(f"{seen}, expected {expected}. {because}")


def assert_that(holds, got, seen, expected, because="", sign="", reason=None):
    if not bool(holds):
        fail(got, seen, expected, because)


def assert_shape(got, shape):
    have = np.asarray(got)
    if have.shape != tuple(shape) or have.dtype.kind not in "biuf":
        fail(got, f"shape {have.shape} of {have.dtype}", str(tuple(shape)))


def assert_close(got, expected, *, terms=64, because="", row_accepted=False):
    have, wanted = np.asarray(got), np.asarray(expected)
    if row_accepted and have.shape == (1, *wanted.shape):
        have = have[0]
    assert_shape(have, wanted.shape)
    eps = np.finfo(np.float32 if have.dtype == np.float32 else np.float64).eps
    scale = float(np.max(np.abs(wanted[np.isfinite(wanted)]), initial=0.0)) or 1.0
    with np.errstate(all="ignore"):
        close = np.abs(have.astype(float) - wanted) <= min(eps * 64 * terms, 1e-3) * scale
    if not (close | (have == wanted) | (np.isnan(have) & np.isnan(wanted))).all():
        fail(got, "a number is wrong", because=because)


def assert_fraction(count, total, probability, got, what):
    spread = math.sqrt(total * probability * (1 - probability))
    if abs(count - total * probability) > 5.2 * spread:
        fail(got, f"{count / total:.1%} of {what}", f"about {probability:.0%}")


def assert_raises(function, kind, *arguments, because="", **named):
    try:
        function.function(*copy.deepcopy(arguments), **named)
    except kind:
        return
    fail(None, "it accepted its arguments", kind.__name__, because)


def assert_inputs_unchanged(function, *arguments):
    for before, now in zip(arguments, function.arguments_after(arguments), strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, now, equal_nan=True):
            fail(now, "an argument was changed")


def assert_generator_used(function, *arguments):
    for before, now in zip(arguments, function.arguments_after(arguments), strict=True):
        if isinstance(before, np.random.Generator) and before.bit_generator.state == now.bit_generator.state:
            fail(now, "nothing was drawn from the generator")


def is_fast(runner, reference, draw, *, limit, terms=64):
    """Compare the fastest of up to eight rounds, as grader/checks/race.py does."""
    ours = theirs = math.inf
    for done in range(1, 9):
        arguments = draw()
        for _ in range(3):
            seconds, expected = processor_seconds(reference, arguments)
            ours = min(ours, max(seconds, 1e-6))
        seconds, got = processor_seconds(runner, arguments)
        assert_close(got, expected, terms=terms)
        theirs = min(theirs, seconds)
        if theirs <= limit / 2.5 * ours or (done >= 3 and theirs > limit * 2.5 * ours):
            break
    return theirs <= limit * ours


def processor_seconds(function, arguments):
    started = time.thread_time()
    value = function(*arguments)
    return time.thread_time() - started, value


def remark(text):
    """Accept the answer: plain pytest has no place for a remark."""


def rng_for(name):
    """Return the random numbers of `grade batch --seed 0` (grader/checks/randomness.py): the same checks fail."""
    digest = hashlib.sha256(f"2012:{EXERCISE}:{name}:0".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def run_check(name, namespace):
    """Run one hidden check on the functions of a namespace. Raises if it fails."""
    check = getattr(importlib.import_module("hidden_checks"), name)
    known = {
        "submission": lambda: Submission(namespace),
        "reference": lambda: importlib.import_module("plain_reference"),
        "rng": lambda: rng_for(name),
    }
    with np.errstate(all="ignore"):  # nbgrader fails a cell that prints a warning
        check(**{each: known[each]() for each in inspect.signature(check).parameters})
