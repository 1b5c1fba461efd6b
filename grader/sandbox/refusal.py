"""What a machine refuses that a sandbox needs. The words for it are the command line's."""

from __future__ import annotations

import os
from enum import StrEnum

from grader import processes


class Refusal(StrEnum):
    """The first thing that a sandbox needed and did not get."""

    SYSTEM = "system"  # not Linux, or no fork
    BUBBLEWRAP = "bubblewrap"  # is not installed
    USER_NAMESPACES = "user namespaces"
    MOUNTS = "mounts"
    PROC = "proc"  # cannot be mounted, or is not
    SECCOMP = "seccomp"
    LIBSECCOMP = "libseccomp"  # is not installed
    LIBRARY = "library"  # the interpreter or a package did not find one
    UNREADABLE = "unreadable"  # root alone can read the interpreter or a package
    SCRATCH = "scratch"  # no folder for what a submission writes
    UNKNOWN = "unknown"


class IsolationError(Exception):
    """This machine cannot give the isolation that was asked for; the message says why."""

    def __init__(self, message: str, refusal: Refusal = Refusal.UNKNOWN) -> None:
        super().__init__(message)
        self.refusal = refusal


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
