"""The zygote and its keepers: trusted code that forks, and never runs a line of a learner's.

It is told what it needs by one JSON argument on its command line, and "fork" on its control socket.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import warnings
from typing import Any

from . import confinement, frames, learner

NOBODY = 65534
DESCRIPTORS = 4


def main(settings_text: str) -> None:
    """Import, then serve until the control socket ends."""
    settings = json.loads(settings_text)
    program = bytes.fromhex(settings["filter"])
    if os.getuid() == 0 and settings["namespaces"]:
        confinement.become_nobody(NOBODY)
    control = socket.socket(fileno=settings["control"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers report for themselves; nobody waits for them
    warnings.simplefilter("default")
    for name in settings["preload"]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    later = list(settings["preload_later"])
    while True:
        message, descriptors = _receive(control)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            control.close()
            _keep(json.loads(message), descriptors, settings["namespaces"], program)
        for descriptor in descriptors:
            os.close(descriptor)
        # What only some learners use is imported once the first child is on its way, so that it waits for nothing.
        while later:
            importlib.import_module(later.pop())


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize
    message, ancillary, _, _ = control.recvmsg(65536, socket.CMSG_SPACE(DESCRIPTORS * size))
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % size])
    return message, list(descriptors)


def _keep(order: dict[str, Any], descriptors: list[int], namespaces: bool, program: bytes) -> None:
    """The keeper: confine, fork the child, wait, report. Never returns."""
    channel, stdout, stderr, status = descriptors
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if namespaces:
            confinement.enter_namespaces()
        child = os.fork()
    except OSError as error:
        _confess(channel, error)
        os._exit(1)
    if child == 0:
        os.close(status)
        _become_child(order, channel, stdout, stderr, namespaces, program)
    for descriptor in (channel, stdout, stderr):
        os.close(descriptor)
    _wait_for_end(child, status)
    if not namespaces:
        with contextlib.suppress(OSError):  # nothing of it is left
            os.killpg(child, signal.SIGKILL)
    _, ended, usage = os.wait4(child, 0)
    report = {
        "signal": os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0,
        "code": os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else 0,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }
    with contextlib.suppress(OSError):  # the grader has gone; so do we
        os.write(status, json.dumps(report).encode())
    os._exit(0)


def _wait_for_end(child: int, status: int) -> None:
    """Return when the child has ended, by itself or because the grader wants it to or has gone."""
    if not hasattr(os, "pidfd_open"):
        while os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if select.select([status], [], [], 0.005)[0]:
                break
    else:
        pidfd = os.pidfd_open(child)
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        poll.register(status, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        if pidfd in ready:
            return
    os.kill(child, signal.SIGKILL)


def _become_child(
    order: dict[str, Any], channel: int, stdout: int, stderr: int, namespaces: bool, program: bytes
) -> None:
    """Confine this process, say so, and serve. Never returns."""
    try:
        os.setsid()
        linux = sys.platform == "linux"
        if linux:
            confinement.die_with_parent()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        channel = os.dup2(channel, 3)
        os.closerange(4, 256)
        limits = dict(order["limits"])
        if linux:
            limits["RLIMIT_AS"] = confinement.address_space_bytes() + order["memory_bytes"]
        else:
            limits["RLIMIT_DATA"] = order["memory_bytes"]
        if namespaces:
            confinement.own_scratch(order["scratch"], order["scratch_bytes"])
        confinement.limit_resources(limits)
        os.chdir(order["scratch"])
        os.environ.update(HOME=order["scratch"], TMPDIR=order["scratch"])
        if not namespaces and os.getuid() == 0:
            confinement.become_nobody(NOBODY)
        if linux:
            if namespaces:
                confinement.drop_capabilities()
            confinement.hide_memory()
            confinement.forbid_new_privileges()
            if program:
                confinement.filter_system_calls(program)
    except (OSError, ValueError) as error:
        _confess(channel, error)
        os._exit(1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        frames.write(channel, frames.pack({"ending": "confined"}, []))
        learner.serve(channel, order["scratch"], order["reply_bytes"])
    except BaseException:  # a closed channel, or what a learner did to our code: the grader sees the end of it
        os._exit(70)
    os._exit(0)


def _confess(channel: int, error: BaseException) -> None:
    """Tell the grader that this child could not be confined; no learner's code has run."""
    with contextlib.suppress(OSError):  # the grader has gone
        frames.write(channel, frames.pack({"ending": "unconfined", "message": str(error)}, []))
