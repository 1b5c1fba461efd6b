"""The needs of a sandbox that a machine refuses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader import processes
from grader.grade_error import GradeError
from grader.sandbox.inside.protocol import Refusal

if TYPE_CHECKING:
    from grader.sandbox.isolation import Isolation


__all__ = ["IsolationError", "Refusal", "refusal_of_namespaces"]

_SEEN = {
    Refusal.USER_NAMESPACES: "this machine refuses user namespaces",
    Refusal.MOUNTS: "this machine refuses mounts in a new namespace",
    Refusal.PROC: "this machine refuses the sandbox its own /proc",
    Refusal.SECCOMP: "this machine refuses system call filters (seccomp)",
    Refusal.LIBRARY: "the sandbox's Python does not find a library or package",
}


class IsolationError(GradeError):
    """The requested isolation is unavailable on this machine; the message says why, without a full stop."""

    heading = "The sandbox is unavailable on this machine: "

    def __init__(self, cause: str, refusal: Refusal = Refusal.UNKNOWN) -> None:
        super().__init__(f"{_SEEN[refusal]}: {cause}" if refusal in _SEEN else cause)
        self.cause = cause
        self.refusal = refusal
        self.isolation: Isolation | None = None
        """The isolation that was requested."""


def refusal_of_namespaces(bubblewrap: str) -> Refusal:
    """Return what this machine refuses bubblewrap. Try each by itself; read nothing from a message."""
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
