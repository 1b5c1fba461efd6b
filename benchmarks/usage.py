"""Measure the time and the memory of a command and of everything that it starts.

Processor time is the kernel's task clock. A command and all its descendants inherit it, also if nobody waits for them.
Other work on the machine does not count, but it takes wall time. wait4(2) reports too little: the kernel drops the
usage of processes that are alive when a PID namespace ends, and most processes in our sandbox are. The peak is from
wait4. It is the peak of the largest single process, not a sum, and does not include the processes in our sandbox.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LATENCY_RUNS = 5
LIMIT_SECONDS = 1800.0  # the slowest command, nbgrader on 20, needs 40
ORPHAN_SECONDS = 10.0  # for processes that a command leaves running
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}  # the number of the system call
SOFTWARE, TASK_CLOCK, ATTRIBUTE_BYTES = 1, 1, 128
INHERIT, EXCLUDE_KERNEL, EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6  # only root may leave out the last two
CLOSE_ON_EXEC = 1 << 3


@dataclass(frozen=True)
class Usage:
    """The usage of one command with everything that it started."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def adopt_orphans() -> None:
    """Become the parent of processes that our children leave running, to learn their usage (Linux only)."""
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(ADOPT_ORPHANS, 1, 0, 0, 0):
        sys.exit(f"cannot adopt orphans: {os.strerror(ctypes.get_errno())}")


class TaskClock:
    """The processor time of this thread and of all processes that it starts from now on, in user and kernel mode."""

    def __init__(self) -> None:
        self._counter: int | None = None
        if sys.platform != "linux" or platform.machine() not in PERF_EVENT_OPEN:
            return
        attribute = bytearray(ATTRIBUTE_BYTES)
        flags = INHERIT | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR  # a clock counts the time in the kernel anyway
        struct.pack_into("IIQQQQQ", attribute, 0, SOFTWARE, ATTRIBUTE_BYTES, TASK_CLOCK, 0, 0, 0, flags)
        buffer = ctypes.create_string_buffer(bytes(attribute), ATTRIBUTE_BYTES)
        number = PERF_EVENT_OPEN[platform.machine()]
        counter = ctypes.CDLL(None).syscall(number, buffer, 0, -1, -1, CLOSE_ON_EXEC)
        self._counter = counter if counter >= 0 else None

    @property
    def runs(self) -> bool:
        """True if the kernel provides a clock."""
        return self._counter is not None

    def seconds(self) -> float:
        """Return the seconds of the processes only; 0 without a clock."""
        if self._counter is None:
            return 0.0
        return float(struct.unpack("Q", os.read(self._counter, 8))[0]) / 1e9 - time.thread_time()


def measured(
    clock: TaskClock,
    command: Sequence[str],
    cwd: Path,
    variables: Mapping[str, str] | None = None,
    allowed: frozenset[int] = frozenset({0}),
) -> Usage:
    """Run a command, then wait for the processes that it leaves running. Its wall time ends with the command itself."""
    before = clock.seconds()
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        alarm = threading.Timer(LIMIT_SECONDS, process.send_signal, [signal.SIGKILL])
        alarm.daemon = True
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said.read().decode()[-2000:]}")
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    for orphan in orphans(command):
        cpu += orphan.ru_utime + orphan.ru_stime
        peak = max(peak, orphan.ru_maxrss)
    return Usage(wall, clock.seconds() - before if clock.runs else cpu, peak * 1024)


def orphans(command: Sequence[str]) -> list[os.struct_rusage]:  # type: ignore[name-defined]  # typeshed has no such name
    """Return the usage of the processes that a command has left running, when all of them have ended."""
    usages = []
    deadline = time.monotonic() + ORPHAN_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return usages
        if pid:
            usages.append(usage)
        else:
            time.sleep(0.01)
    sys.exit(f"{' '.join(command)} left processes running that do not end")


def median_latency(
    clock: TaskClock,
    command: Sequence[str],
    cwd: Path,
    variables: Mapping[str, str] | None,
    allowed: frozenset[int] = frozenset({0}),
) -> float:
    """Return the median seconds of one learner's run, after one run to warm up."""
    usages = [measured(clock, command, cwd, variables, allowed) for _ in range(LATENCY_RUNS + 1)]
    return median(one.wall_seconds for one in usages[1:])
