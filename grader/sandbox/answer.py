"""What a call into a submission came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.reason import Reason


@dataclass(frozen=True)
class Foreign:
    """A value that is no plain data: it stays where it is, and only its description crosses.

    `handle` names it in later calls to the same child; None if it was refused outright. `kind` is its class there.
    """

    description: str
    handle: int | None = None
    child: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the learner's file on the way to an exception."""

    number: int
    function: str


@dataclass(frozen=True)
class Returned:
    """The call came back with a value: plain data, arrays, or a Foreign.

    `arguments` are the positional arguments as they were after the call, where they were asked for: arrays; for a
    generator, whether it moved on, which is only a claim; None in the place of everything else.
    """

    value: Any
    arguments: tuple[Any, ...] | None = None
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Raised:
    """The call ended with an exception, or could not be made for the given `because`.

    `base` is the nearest built-in class of one that is not built in itself, whatever it is called; else empty.
    """

    kind: str
    message: str
    lines: tuple[Line, ...] = ()
    base: str = ""
    because: Reason | None = None

    @property
    def built_in(self) -> str:
        """The built-in class that it is of, by which it is judged."""
        return self.base or self.kind

    @property
    def reason(self) -> Reason:
        """Why there is no value. A stub and a missing package are known by their exceptions, which are claims."""
        return self.because or _REASONS.get(self.kind, Reason.RAISED)

    @property
    def unwritten(self) -> bool:
        """Whether the function is a stub, is not there or lacks a package: it says nothing about a misconception."""
        return self.reason in (Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.UNAVAILABLE)


_REASONS = {"NotImplementedError": Reason.NOT_IMPLEMENTED, "UnavailableError": Reason.UNAVAILABLE}


@dataclass(frozen=True)
class Stopped:
    """The call did not end by itself, or took its process with it."""

    reason: Reason
    detail: str


Answer = Returned | Raised | Stopped


class UnsendableError(Exception):
    """A course tries to send a child a value that cannot be sent. This is never a learner's fault."""


class UnknownCallError(Exception):
    """A course asks for a call that its sandbox does not know. This is never a learner's fault."""


class StrandedError(Exception):
    """A value that a learner's function returned was lost with its process."""
