"""What a call into a submission came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class StopReason(StrEnum):
    """Why a call never came back."""

    WALL_TIME = "wall time"
    CPU_TIME = "CPU time"
    DIED = "died"
    EXITED = "exited"
    PROTOCOL = "protocol"
    BUDGET = "budget"


@dataclass(frozen=True)
class Foreign:
    """A value that is no plain data: it stays where it is, and only its description crosses.

    `handle` names it in later calls to the same child; None where it was refused outright.
    """

    description: str
    handle: int | None = None
    child: int | None = None


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
    """The call ended with an exception.

    `base` is the nearest built-in class of one that is not built in itself, whatever it is called; else empty.
    """

    kind: str
    message: str
    lines: tuple[Line, ...] = ()
    base: str = ""

    @property
    def built_in(self) -> str:
        """The built-in class that it is of, by which it is judged."""
        return self.base or self.kind

    @property
    def unavailable(self) -> bool:
        """Whether a stand-in raised it: the function uses a module that the sandbox lacks. The child claims so."""
        return self.kind == "UnavailableError"

    @property
    def unwritten(self) -> bool:
        """Whether the function is a stub or lacks a module: such an exception says nothing about a learner's belief."""
        return self.unavailable or self.kind == "NotImplementedError"


@dataclass(frozen=True)
class Stopped:
    """The call did not end by itself, or took its process with it."""

    reason: StopReason
    detail: str


Answer = Returned | Raised | Stopped


class UnsendableError(Exception):
    """A course tries to send a child a value that cannot be sent. This is never a learner's fault."""


class StrandedError(Exception):
    """A value that a learner's function returned was lost with its process."""
