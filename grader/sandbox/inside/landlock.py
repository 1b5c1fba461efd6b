"""Landlock: a process gives up access to all files, network ports and processes that it does not name.

It needs neither rights nor namespaces, so it works if bubblewrap does not. The numbers are those of Linux' uapi header
landlock.h; the three system calls have the same numbers on every processor. See landlock(7).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import stat
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, REFER = 1 << 7, 1 << 8, 1 << 13
TRUNCATE = 1 << 14
IOCTL_DEV = 1 << 15
FILES_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""The rights on files that each version of the ABI knows. Later versions know those of version 5."""
TCP = 0b11  # bind and connect
TCP_ABI = 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # refused to every process outside
SCOPES_ABI = 6

ABOVE_STANDARD = 10  # a child replaces the lower descriptors

READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


_syscall = ctypes.CDLL(None, use_errno=True).syscall
_syscall.restype = ctypes.c_long
_syscall.argtypes = [ctypes.c_long] * 5


def abi() -> int:
    """Return the version of Landlock that the kernel offers, or 0 without Landlock."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_syscall(CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION, 0)))


class Places:
    """Files and folders that every child may read or write, opened once for all children."""

    def __init__(self, readable: list[str], writable: list[str]) -> None:
        """Open these paths, except those that are missing or that we may not open."""
        self._abi = abi()
        self._files = FILES_OF_ABI[min(self._abi, 5)]
        self._rules: list[tuple[int, int]] = []
        for paths, allowed in ((readable, READ), (writable, READ | WRITE_FILE)):
            for path in paths:
                try:
                    self._rules.append(self._rule(path, allowed))
                except OSError:
                    continue

    def ruleset(self, scratch: str, knows_itself: bool) -> int:
        """Return the descriptor, 10 or more, of a ruleset: use these places, and make files in `scratch`.

        With `knows_itself`, a child may read its own command line: TensorFlow does not start without it.
        """
        attributes = _Ruleset(self._files, TCP, ABSTRACT_SOCKETS_AND_SIGNALS)
        size = 8 if self._abi < TCP_ABI else 16 if self._abi < SCOPES_ABI else 24
        ruleset = _checked(_syscall(CREATE_RULESET, ctypes.addressof(attributes), size, 0, 0), "create_ruleset")
        own = [self._rule(scratch, WRITE)]
        if knows_itself:
            own.append(self._rule("/proc/self/cmdline", READ))
        for descriptor, allowed in (*self._rules, *own):
            rule = _PathBeneath(allowed, descriptor)
            _checked(_syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.addressof(rule), 0), "add_rule")
        for descriptor, _ in own:
            os.close(descriptor)
        high = fcntl.fcntl(ruleset, fcntl.F_DUPFD_CLOEXEC, ABOVE_STANDARD)
        os.close(ruleset)
        return high

    def _rule(self, path: str, allowed: int) -> tuple[int, int]:
        """Return an open descriptor of a path, and the rights there. Raises OSError."""
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        return descriptor, allowed & self._files & (~0 if folder else OF_A_FILE)


def restrict(ruleset: int) -> None:
    """Restrict this process to a ruleset, for good. Forbid new privileges first."""
    _checked(_syscall(RESTRICT_SELF, ruleset, 0, 0, 0), "restrict_self")


def _checked(status: int, what: str) -> int:
    if status < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock_{what}: {os.strerror(number)}")
    return status
