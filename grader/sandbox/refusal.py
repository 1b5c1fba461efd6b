"""What a machine refuses that a sandbox needs."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from grader import processes
from grader.grade_error import GradeError

if TYPE_CHECKING:
    from grader.sandbox.isolation import Isolation


class Refusal(StrEnum):
    """The first thing that a sandbox needed and did not get."""

    SYSTEM = "system"  # not Linux, or no fork
    BUBBLEWRAP = "bubblewrap"  # is not installed
    USER_NAMESPACES = "user namespaces"
    MOUNTS = "mounts"
    NO_PROC = "no proc"  # the machine has not mounted it
    PROC = "proc"  # the sandbox cannot mount one of its own
    SECCOMP = "seccomp"
    LIBSECCOMP = "libseccomp"  # is not installed
    LIBRARY = "library"  # the interpreter or a package did not find one
    UNREADABLE = "unreadable"  # root alone can read the interpreter or a package
    SCRATCH = "scratch"  # no folder for what a submission writes
    UNKNOWN = "unknown"


_SEEN = {
    Refusal.USER_NAMESPACES: "this machine refuses user namespaces",
    Refusal.MOUNTS: "this machine refuses mounts in a namespace of its own",
    Refusal.PROC: "this machine refuses the sandbox a /proc of its own",
    Refusal.SECCOMP: "this machine refuses system call filters (seccomp)",
    Refusal.LIBRARY: "the sandbox's Python does not find a library or package",
}


class IsolationError(GradeError):
    """This machine cannot give the isolation that was asked for; the message says why, without a full stop."""

    heading = "The sandbox is unavailable on this machine: "

    def __init__(self, cause: str, refusal: Refusal = Refusal.UNKNOWN) -> None:
        super().__init__(f"{_SEEN[refusal]}: {cause}" if refusal in _SEEN else cause)
        self.cause = cause
        self.refusal = refusal
        self.isolation: Isolation | None = None
        """What was asked for."""


def refusal_of_namespaces(bubblewrap: str) -> Refusal:
    """Return what this machine refuses bubblewrap. Each is tried by itself; nothing is read from a message."""
    from grader.sandbox.inside import confinement

    try:
        confinement.try_namespaces()
    except OSError:
        return Refusal.USER_NAMESPACES
    user = [] if os.getuid() == 0 else ["--unshare-user"]
    for refusal, more in ((Refusal.MOUNTS, ()), (Refusal.PROC, ("--proc", "/proc"))):
        command = [bubblewrap, *user, "--unshare-pid", "--ro-bind", "/", "/", *more, bubblewrap, "--version"]
        try:
            if processes.run(command, "").returncode != 0:
                return refusal
        except OSError:
            return Refusal.BUBBLEWRAP
    return Refusal.UNKNOWN
