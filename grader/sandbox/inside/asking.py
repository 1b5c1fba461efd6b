"""Stubs in place of some of the learner's functions: each asks the grader for the answer of a right one.

A stub is a convenience for code that may have been changed by the learner. The grader decides what it answers.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import frames
from .protocol import AnswerFrame, Ending
from .values import REQUEST, Decoder, Encoder, arrays_of

_MISSING = object()


class Asking:
    """Asks the grader while a call runs. `send` sends a frame to it, and `replies` are the frames that come back."""

    def __init__(self, send: Callable[[Any, list[Any]], None], replies: frames.Reader, array_bytes: int) -> None:
        self._send = send
        self._replies = replies
        self._array_bytes = array_bytes

    @contextmanager
    def in_place_of(self, module: types.ModuleType | None, names: Sequence[str]) -> Iterator[None]:
        """Replace these functions of a module by stubs."""
        if module is None or not names:
            yield
            return
        before = {name: vars(module).get(name, _MISSING) for name in names}
        vars(module).update({name: self.stub(name) for name in names})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is not _MISSING:
                    vars(module)[name] = value
                else:
                    vars(module).pop(name, None)

    def stub(self, name: str) -> Callable[..., Any]:
        """Return a function that the grader answers."""

        def stub(*arguments: Any, **named: Any) -> Any:
            return self._answer(name, arguments, named)

        stub.__name__ = stub.__qualname__ = name
        return stub

    def _answer(self, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        def refuse(value: Any) -> Any:
            raise TypeError(f"{name} got a {type(value).__name__}, expected arrays, numbers, texts, lists or tuples")

        encoder = Encoder(refuse, self._array_bytes)
        frame = {
            "ending": Ending.ASKED,
            "function": name,
            "arguments": [encoder.node(one) for one in arguments],
            "named": {key: encoder.node(one) for key, one in named.items()},
            "arrays": encoder.descriptions,
        }
        self._send(frame, encoder.buffers)
        reply = frames.read(self._replies)
        if reply is None:
            raise SystemExit  # the grader has ended
        header: AnswerFrame = reply[0]  # type: ignore[assignment]  # only the grader writes it
        if header["kind"]:
            raise exception_of(header["kind"], header["message"])
        return Decoder(arrays_of(header["arrays"], reply[1]), refuse, REQUEST).value(header["value"])


def exception_of(kind: str, message: str) -> Exception:
    """Return a built-in exception of this class; a RuntimeError if there is no such class.

    >>> exception_of("ValueError", "the rate is 1"), exception_of("print", "no")
    (ValueError('the rate is 1'), RuntimeError('no'))
    """
    found = getattr(builtins, kind, None)
    if not isinstance(found, type) or not issubclass(found, Exception):
        return RuntimeError(message)
    try:
        return found(message)
    except TypeError:  # such as UnicodeDecodeError, which needs more than a message
        return RuntimeError(message)
