"""The vocabulary of the wire. Both sides import it, and no other file names an operation or an ending."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypedDict


class Operation(StrEnum):
    """The request in a frame to a child."""

    LOAD = "load"
    CALL = "call"
    START_KERAS = "start keras"
    ANSWER = "answer"


class Ending(StrEnum):
    """The report in a frame from a child."""

    CONFINED = "confined"
    UNCONFINED = "unconfined"
    EPOCH = "epoch"
    ASKED = "asked"
    RETURNED = "returned"
    RAISED = "raised"


class ModelOperation(StrEnum):
    """The operations of our own code in a child on a Keras model."""

    EXPORT = "export"
    DESCRIBE = "describe"
    WEIGHTS = "weights"
    ASSIGN = "assign"
    PREDICT = "predict"
    FIT = "fit"
    TRAIN = "train"
    FED = "fed"
    HISTORY = "history"
    REBUILD = "rebuild"


class Refusal(StrEnum):
    """The first thing that a sandbox needed and did not get."""

    SYSTEM = "system"  # not Linux, or no fork
    BUBBLEWRAP = "bubblewrap"  # is not installed
    USER_NAMESPACES = "user namespaces"
    MOUNTS = "mounts"
    NO_PROC = "no proc"  # the machine has not mounted it
    PROC = "proc"  # the sandbox cannot mount its own
    SECCOMP = "seccomp"
    LIBSECCOMP = "libseccomp"  # is not installed
    LIBRARY = "library"  # the interpreter or a package did not find one
    UNREADABLE = "unreadable"  # only root can read the interpreter or a package
    SCRATCH = "scratch"  # no folder for what a submission writes
    UNKNOWN = "unknown"


class ArrayDescription(TypedDict):
    """An array in the payload of a frame."""

    dtype: str
    shape: list[int]


class CallNode(TypedDict):
    """One call in a frame. `operation` is true for a ModelOperation and false for a learner's function."""

    function: str
    operation: bool
    arguments: list[Any]
    named: dict[str, Any]
    return_arguments: bool
    silently: bool


class LoadFrame(TypedDict):
    """Asks a child to run the learner's files: pairs of a name and a text."""

    op: Operation
    nonce: int
    files: list[tuple[str, str]]
    imports: dict[str, Any]
    module: str
    functions: list[str]


class CallFrame(TypedDict):
    """Asks a child for calls, in order. It answers each in a separate frame, as soon as the call ends.

    `substitutes` names, for a function that is called, those of the learner's functions for which it gets ours.
    """

    op: Operation
    nonce: int
    module: str
    calls: list[CallNode]
    arrays: list[ArrayDescription]
    substitutes: dict[str, list[str]]


class StartKerasFrame(TypedDict):
    """Asks a child to prepare Keras with this seed."""

    op: Operation
    nonce: int
    seed: int


class AskedFrame(TypedDict):
    """Asks, from a call that is not over, for the answer of one of our functions."""

    ending: Ending
    nonce: int
    function: str
    arguments: list[Any]
    named: dict[str, Any]
    arrays: list[ArrayDescription]


class AnswerFrame(TypedDict):
    """The answer to that: a value, or the class and the message of an exception."""

    op: Operation
    nonce: int
    value: Any
    arrays: list[ArrayDescription]
    kind: str
    message: str


class StartFrame(TypedDict, total=False):
    """Reports that the child is confined, or what was refused."""

    ending: Ending
    message: str
    refused: Refusal


class EpochFrame(TypedDict):
    """Reports that an epoch begins, and how many weight arrays of the model learn in it."""

    ending: Ending
    nonce: int
    number: int
    of: int
    learning: int


class ReturnedFrame(TypedDict, total=False):
    """The answer of a call that returned: its value and, if asked for, its arguments after the call."""

    ending: Ending
    nonce: int
    value: Any
    after: list[Any] | None
    arrays: list[ArrayDescription]


class RaisedFrame(TypedDict, total=False):
    """The answer of a call that raised. `lines` are pairs of a line's number and its function."""

    ending: Ending
    nonce: int
    kind: str
    base: str
    message: str
    lines: list[tuple[int, str]]
