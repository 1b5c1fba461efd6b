"""The answers to a call into a submission, and the errors that are not a learner's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.reason import Reason


@dataclass(frozen=True)
class Foreign:
    """A value that is not plain data. It stays in its process; only its description crosses.

    `handle` names it in later calls to the same `child`; None if no later call may use it. `kind` is its class there.
    """

    description: str
    handle: int | None = None
    child: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the learner's file that an exception passed through."""

    number: int
    function: str


@dataclass(frozen=True)
class Returned:
    """The call returned a value: plain data, arrays, or a Foreign.

    `arguments` are the positional arguments after the call, if the request asked for them. An array is itself. A
    generator is True if it was used, which is only a claim. Everything else is None.

    `processor_seconds` is the processor time that the process used since the answer before, by the kernel's account;
    None if it is unknown. `learning` tells of each epoch of training that began during the call how many weight arrays
    learnt in it, which is only a claim. Neither the times nor the epochs count when two answers are compared.
    """

    value: Any
    arguments: tuple[Any, ...] | None = None
    seconds: float = field(default=0.0, compare=False)
    processor_seconds: float | None = field(default=None, compare=False)
    learning: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Raised:
    """The call ended with an exception, or could not be made; `because` then says why.

    `base` is the nearest built-in class of an exception that is not built in itself; else it is empty.
    """

    kind: str
    message: str
    lines: tuple[Line, ...] = ()
    base: str = ""
    because: Reason | None = None

    @property
    def built_in(self) -> str:
        """Return the built-in class of the exception, which decides how it is judged."""
        return self.base or self.kind

    @property
    def reason(self) -> Reason:
        """Return why there is no value. The exceptions of a stub and of a missing package are claims, too."""
        return self.because or _REASONS.get(self.kind, Reason.RAISED)

    @property
    def unwritten(self) -> bool:
        """Return whether the function is a stub, is missing or lacks a package: it shows no misconception then."""
        return self.reason in (Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.UNAVAILABLE)


_REASONS = {"NotImplementedError": Reason.NOT_IMPLEMENTED, "UnavailableError": Reason.UNAVAILABLE}


@dataclass(frozen=True)
class Stopped:
    """The call did not end by itself, or it ended its process."""

    reason: Reason
    detail: str


Answer = Returned | Raised | Stopped


class UnsendableError(Exception):
    """A course tries to send a child a value that cannot be sent. This is never a learner's fault."""


class UnknownCallError(Exception):
    """A course asks for a call that its sandbox does not know. This is never a learner's fault."""


class StrandedError(Exception):
    """A value that a learner's function returned was lost with its process."""
