"""The zygote: trusted code that forks children, waits for them and kills them on demand.

It runs no line of a learner's code. It gets its settings as one JSON argument on its command line. Then it gets orders
to fork on its control socket; each order brings the four descriptors of a child.
"""

from __future__ import annotations

import array
import contextlib
import errno
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from . import confinement, frames, landlock, learner
from .protocol import Ending, Refusal

LINUX = sys.platform == "linux"
NOBODY = 65534
DESCRIPTORS = 4
DESCRIPTORS_END = 4096  # the zygote has fewer: one for each place of Landlock, which are some hundreds
RESERVED_TIMES = 2  # TensorFlow reserves more than it fills: 1.3 GiB of address space for 0.3 GiB of data
REFUSED_NAMESPACES = (errno.EPERM, errno.ENOSPC, errno.ENOSYS, errno.EINVAL, errno.EUSERS)  # of clone(2)
IDLE_SECONDS = 0.02
GONE = -1  # replaces a status socket whose other end is closed


def main(settings_text: str) -> None:
    """Import packages, then serve until the control socket ends."""
    settings = json.loads(settings_text)
    if os.getuid() == 0 and settings["namespaces"]:
        confinement.become_nobody(NOBODY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends us
    warnings.simplefilter("default")
    tempfile.tempdir = settings["scratch"]  # TensorFlow reads it on import, before the folder exists
    for name in settings["preload"]:
        importlib.import_module(name)
    control = socket.socket(fileno=settings["control"])
    if not settings["namespaces"]:
        confinement.hide_memory()
    places = landlock.Places(settings["readable"], settings["writable"]) if settings["landlock"] else None
    keeper = _Keeper(control, settings["namespaces"], places)
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    keeper.serve(list(settings["preload_later"]))


class _Keeper:
    """Keeps the children. The status socket of each receives "kill" and reports how the child ended."""

    def __init__(self, control: socket.socket, namespaces: bool, places: landlock.Places | None) -> None:
        self._control = control.fileno()
        self._socket = control
        self._namespaces = namespaces
        self._places = places
        self._status: dict[int, int] = {}  # the status socket of each child, by PID
        self._ended, wake = os.pipe()
        for descriptor in (self._ended, wake):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self, later: list[str]) -> None:
        """Fork, kill and reap until the control socket ends. Import `later`, which few learners need, while idle."""
        while True:
            watched = [self._control, self._ended, *(status for status in self._status.values() if status != GONE)]
            ready = select.select(watched, [], [], IDLE_SECONDS if later else None)[0]
            if not ready:
                importlib.import_module(later.pop(0))
            if self._ended in ready:
                os.read(self._ended, 4096)
                self._reap()
            for pid in [pid for pid, status in self._status.items() if status in ready]:
                self._kill(pid)
            if self._control in ready:
                self._fork()

    def _fork(self) -> None:
        message, descriptors = _receive(self._socket)
        if not message:
            for pid in self._status:  # a plain process that is no longer root does not end with its parent
                with contextlib.suppress(OSError):
                    (os.kill if self._namespaces else os.killpg)(pid, signal.SIGKILL)
            os._exit(0)  # the grader has ended; we end too and, as process 1, take all others along
        channel, stdout, stderr, status = descriptors
        order = json.loads(message)
        try:
            if self._namespaces:
                order["user"], order["group"] = os.getuid(), os.getgid()
                pid = confinement.fork_into_namespaces()
            else:
                pid = os.fork()
        except OSError as error:
            _confess(
                channel, str(error), Refusal.USER_NAMESPACES if error.errno in REFUSED_NAMESPACES else Refusal.UNKNOWN
            )
            pid = -1
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become_child(order, channel, stdout, stderr, self._namespaces, self._places)
        for descriptor in (channel, stdout, stderr):
            os.close(descriptor)
        if pid > 0:
            self._status[pid] = status
        else:
            os.close(status)

    def _kill(self, pid: int) -> None:
        """Kill a child on demand, or because its grader has ended. It is reaped later."""
        with contextlib.suppress(OSError):  # the child or its group has ended by itself
            (os.kill if self._namespaces else os.killpg)(pid, signal.SIGKILL)
        try:
            gone = not os.read(self._status[pid], 16)
        except OSError:
            gone = True
        if gone:
            os.close(self._status[pid])
            self._status[pid] = GONE

    def _reap(self) -> None:
        while self._status:
            try:
                pid, ended, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if not self._namespaces:
                with contextlib.suppress(OSError):  # its group is empty
                    os.killpg(pid, signal.SIGKILL)
            report = {
                "signal": os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0,
                "code": os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else 0,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
            }
            status = self._status.pop(pid)
            if status != GONE:
                with contextlib.suppress(OSError):  # the grader does not wait for it
                    os.write(status, json.dumps(report).encode())
                os.close(status)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize
    message, ancillary, _, _ = control.recvmsg(65536, socket.CMSG_SPACE(DESCRIPTORS * size))
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % size])
    return message, list(descriptors)


def _become_child(
    order: dict[str, Any],
    channel: int,
    stdout: int,
    stderr: int,
    namespaces: bool,
    places: landlock.Places | None,
) -> None:
    """Confine this process, confirm that, and serve. Never return."""
    try:
        with _needed(Refusal.UNKNOWN):
            os.setsid()
            if LINUX:
                confinement.die_with_parent()
            # Made first, with a high number: the next line reuses the low ones, which the places may use.
            ruleset = places.ruleset(order["scratch"], order["uses_keras"]) if places is not None else None
            channel, ruleset = _move_descriptors(channel, stdout, stderr, ruleset)
        _isolate(order, namespaces)
        if LINUX:
            _drop_rights(order, namespaces, ruleset)
    except _RefusedError as error:
        _confess(channel, error.why, error.refusal)
        os._exit(1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        frames.write(channel, frames.pack({"ending": Ending.CONFINED}, []))
        learner.serve(channel, order["scratch"], order["reply_bytes"])
    except BaseException:  # a closed channel, or the learner's changes to our code: the grader sees that the child ends
        os._exit(70)
    os._exit(0)


class _RefusedError(Exception):
    """The machine refuses something that the confinement needs."""

    def __init__(self, refusal: Refusal, why: str) -> None:
        super().__init__(why)
        self.refusal = refusal
        self.why = why


@contextlib.contextmanager
def _needed(refusal: Refusal) -> Iterator[None]:
    """Turn an error inside the block into this refusal."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _RefusedError(refusal, str(error)) from None


def _isolate(order: dict[str, Any], namespaces: bool) -> None:
    """Limit the resources of this process and move it into its scratch, as an unprivileged user."""
    with _needed(Refusal.NO_PROC):
        limits = {**order["limits"], **_memory_limits(order)}
    if namespaces:
        with _needed(Refusal.USER_NAMESPACES):
            confinement.map_user(order["user"], order["group"])
        with _needed(Refusal.MOUNTS):
            confinement.own_scratch(order["scratch"], order["scratch_bytes"], order["uses_keras"])
    with _needed(Refusal.UNKNOWN):
        confinement.limit_resources(limits)
        os.chdir(order["scratch"])
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = order["scratch"]
        if not namespaces and os.getuid() == 0:
            confinement.become_nobody(NOBODY, order["reads_as_root"])
            if LINUX:
                confinement.die_with_parent()  # a process that becomes another user forgets that


def _drop_rights(order: dict[str, Any], namespaces: bool, ruleset: int | None) -> None:
    """Give up rights for good: capabilities, new privileges, files and system calls."""
    with _needed(Refusal.UNKNOWN):
        if namespaces:
            confinement.drop_capabilities()
        confinement.hide_memory()
        confinement.forbid_new_privileges()
        if ruleset is not None:
            landlock.restrict(ruleset)
            os.close(ruleset)
    if order["filter"]:
        with _needed(Refusal.SECCOMP):
            confinement.filter_system_calls(bytes.fromhex(order["filter"]))


def _move_descriptors(channel: int, stdout: int, stderr: int, ruleset: int | None) -> tuple[int, int | None]:
    """Move a child's descriptors to the lowest numbers, and close all others. Return the new channel and ruleset."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    channel = os.dup2(channel, 3)
    if ruleset is not None:
        ruleset = os.dup2(ruleset, 4)
    os.closerange(4 if ruleset is None else 5, DESCRIPTORS_END)
    return channel, ruleset


def _memory_limits(order: dict[str, Any]) -> dict[str, int]:
    """Return the limits of memory: the sum of what this process has already and what the child may add.

    RLIMIT_DATA counts what is writable at the moment. Memory that was filled and then made read-only is not counted,
    and neither are page tables. So the address space has a limit too.
    """
    memory_bytes = int(order["memory_bytes"])
    if sys.platform != "linux":
        return {"RLIMIT_DATA": memory_bytes}
    if not order["uses_keras"]:
        return {"RLIMIT_AS": confinement.address_space_bytes() + memory_bytes}
    return {
        "RLIMIT_DATA": confinement.data_bytes() + memory_bytes,
        "RLIMIT_AS": confinement.address_space_bytes() + RESERVED_TIMES * memory_bytes,
    }


def _confess(channel: int, why: str, refused: Refusal) -> None:
    """Report that this child could not be confined, and what was refused. No learner's code has run."""
    with contextlib.suppress(OSError):  # the grader has ended
        frames.write(channel, frames.pack({"ending": Ending.UNCONFINED, "message": why, "refused": refused}, []))
