"""Call our own functions in our own process, like those of a submission in a sandbox."""

from __future__ import annotations

import contextlib
import copy
import functools
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.sandbox.answer import Answer, Foreign, Raised, Returned, StrandedError
from grader.sandbox.inside.learner import as_left, base_of, describe, kind_of, states_of
from grader.sandbox.inside.protocol import ModelOperation
from grader.sandbox.inside.values import REPLY, REQUEST, Bounds, Decoder, Encoder, arrays_of
from grader.sandbox.limits import Limits
from grader.sandbox.reason import Reason
from grader.sandbox.request import Caller, Request


class DirectCaller(Caller):
    """Calls the reference and its variants in our own process. Never use it for a learner's code.

    Arguments and answers are encoded and decoded as on the wire, so that a value that cannot be sent fails here too.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._functions = functions

    def ask(self, request: Request) -> Answer:
        """Return the answer of our own function. Raises UnsendableError if an argument cannot be sent."""
        called = self._called(request)
        if called is None:
            return Raised("AttributeError", f"{request.function} is not defined", because=Reason.NOT_DEFINED)
        arguments, named = request.arguments, request.named
        try:
            sent = _across([*arguments, *named.values()], REQUEST, _for_child)
        except StrandedError as error:
            return Raised("TypeError", str(error), because=Reason.LOST_VALUE)
        given, given_named = sent[: len(arguments)], dict(zip(named, sent[len(arguments) :], strict=True))
        before = states_of(given) if request.return_arguments else []
        started, used = time.perf_counter(), time.thread_time()
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings(), _epochs_begun() as learning:
                warnings.simplefilter("ignore")
                value = called(*given, **given_named)
        except Exception as error:  # a learner's function would raise the same
            return Raised(type(error).__name__, str(error), base=base_of(error))
        seconds, own = time.perf_counter() - started, time.thread_time() - used
        after = tuple(as_left(given, before)) if request.return_arguments else None
        return Returned(_across([value], REPLY, _for_us)[0], after, seconds, own, tuple(learning))

    def _called(self, request: Request) -> Callable[..., Any] | None:
        if not request.is_operation and not request.silently:
            return self._functions.get(request.function)
        from grader.sandbox.inside.keras_models import OPERATIONS
        from grader.sandbox.inside.refused_layers import silently

        if isinstance(request.function, ModelOperation):
            return OPERATIONS[request.function]
        called = self._functions.get(request.function)
        return functools.partial(silently, called) if called is not None else None


@contextlib.contextmanager
def _epochs_begun() -> Iterator[list[int]]:
    """Collect how many weight arrays learn in each epoch that begins meanwhile, as a child reports them."""
    begun: list[int] = []
    if "keras" not in sys.modules:
        yield begun
        return
    from grader.sandbox.inside.keras_models import tell_epochs

    end = tell_epochs(lambda number, of, learning: begun.append(learning))
    try:
        yield begun
    finally:
        end()


def _across(values: Sequence[Any], bounds: Bounds, stays: Callable[[Any], Any]) -> list[Any]:
    """Return values as the other side receives them; `stays` converts a value that is not plain data."""
    kept: list[Any] = []

    def keep(value: Any) -> dict[str, Any]:
        kept.append(stays(value))
        return {"t": "h", "i": len(kept) - 1}

    encoder = Encoder(keep, Limits().reply_bytes if bounds is REPLY else 2**40, bounds)
    nodes = [encoder.node(value) for value in values]
    arrays = arrays_of(encoder.descriptions, bytearray().join(encoder.buffers))
    decoder = Decoder(arrays, lambda node: kept[node["i"]], bounds)
    return [decoder.value(node) for node in nodes]


def _for_child(value: Any) -> Any:
    """Return what a child receives for a value that is not plain data."""
    if is_of_keras(value):
        return value
    if isinstance(value, Foreign):
        raise StrandedError(f"{value.description} cannot be given to another function")
    if isinstance(value, float):
        return float(value)
    from grader.sandbox.wire import node_for_child

    node_for_child(value)
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value


def _for_us(value: Any) -> Any:
    """Return what we receive for a value that stays in a child."""
    return value if is_of_keras(value) else Foreign(describe(value), kind=kind_of(value))


def is_of_keras(value: Any) -> bool:
    """Return True if this is a Keras model or a part of one: in our own process it needs no handle."""
    return any(kind.__module__.split(".")[0] == "keras" for kind in type(value).__mro__)
