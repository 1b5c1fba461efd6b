"""The pipes of one child: frames out and in, what it prints, and how it ends."""

from __future__ import annotations

import contextlib
import math
import os
import select
import shutil
import socket
import struct
import sys
import time
from typing import Any

from grader.sandbox import wire
from grader.sandbox.inside import frames
from grader.sandbox.interruption import Interruption
from grader.sandbox.limits import KILL_SECONDS, LAST_BREATH_SECONDS, STARTUP_SECONDS, Limits
from grader.sandbox.refusal import IsolationError

CHUNK = 256 * 1024
CREDENTIALS = struct.Struct("3i")  # struct ucred of Linux: process, user, group
SHORTEST_SECONDS = 0.01  # a process that never waits for a processor still spends about a millisecond in the queue
MOST_SECONDS = 60.0  # that all deadlines of a child may be moved together


class EndedError(Exception):
    """The channel ended before the answer."""


class LateError(Exception):
    """The deadline passed before the answer, without the time in which nobody could run."""


class AllowanceError(Exception):
    """The answer is larger than what the submission may still send."""


class Stream:
    """A learner's output: the first bytes are kept, the rest is read and dropped."""

    def __init__(self, descriptor: int, limit: int) -> None:
        self.descriptor = descriptor
        self.content = bytearray()
        self.truncated = False
        self.open = True
        self._limit = limit
        os.set_blocking(descriptor, False)

    def drain(self, times: int) -> None:
        """Read what is there, at most `times` chunks of it."""
        for _ in range(times):
            try:
                chunk = os.read(self.descriptor, CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                self.open = False
                return
            room = self._limit - len(self.content)
            self.content += chunk[:room]
            self.truncated = self.truncated or len(chunk) > room

    def close(self) -> None:
        """Read the rest and close."""
        self.drain(2)
        os.close(self.descriptor)


class Connection:
    """A child as bytes: frames that it gets and sends, what it prints, and its end."""

    def __init__(
        self,
        number: int,
        channel: socket.socket,
        status: socket.socket,
        stdout: int,
        stderr: int,
        limits: Limits,
        scratch: str | None,
        interruption: Interruption | None = None,
    ) -> None:
        self.number = number
        self.allowance = limits.all_replies_bytes
        """The number of bytes of answers that may still be read. All children of a submission share one budget."""
        self.stdout = Stream(stdout, limits.output_bytes)
        self.stderr = Stream(stderr, limits.output_bytes)
        self._channel = channel
        self._status = status
        self._scratch = scratch
        self._closed = False
        channel.setblocking(False)
        self._deadline = math.inf
        self._replies = frames.Reader(self._receive)
        self._streams = {stream.descriptor: stream for stream in (self.stdout, self.stderr)}
        self._poll = select.poll()
        for descriptor in self._streams:
            self._poll.register(descriptor, select.POLLIN)
        self._interruption = interruption
        if interruption is not None:
            self._poll.register(interruption.descriptor, select.POLLIN)
        self._pid = 0
        self._queued = (0.0, seconds_in_queue(os.getpid()))  # of the child, and of this process
        self._given = 0.0

    def wait_until_confined(self) -> None:
        """Wait until our own code in the child confirms that it is confined. Raises IsolationError."""
        deadline = time.monotonic() + STARTUP_SECONDS
        try:
            self._wait(select.POLLIN, deadline)
            self._pid = _sender_of(self._channel)
            header, _ = self.read_frame(deadline, 0)
            wire.confirms_confinement(bytes(header))
        except LateError:
            raise IsolationError("the sandbox's child did not start in time") from None
        except (EndedError, wire.ProtocolError):
            raise IsolationError("the sandbox's child ended before it was confined") from None

    def has_early_bytes(self) -> bool:
        """Return whether the child has sent something that nobody asked for. Raises EndedError."""
        if self._replies.ahead:
            return True
        try:
            return bool(self._channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            raise EndedError from None

    def write(self, pieces: list[Any], deadline: float) -> None:
        """Send the pieces of a frame. Raises LateError and EndedError."""
        for piece in pieces:
            view = memoryview(piece).cast("B") if len(piece) else memoryview(b"")
            while view:
                try:
                    view = view[self._channel.send(view) :]
                except BlockingIOError:
                    deadline = self._wait(select.POLLOUT, deadline)
                except OSError:
                    raise EndedError from None

    def read_frame(self, deadline: float, payload_limit: int) -> tuple[bytearray, bytearray]:
        """Return header and payload of the next frame. Raises LateError, EndedError, AllowanceError, ProtocolError."""
        self._deadline = deadline
        prefix = self._read_exactly(frames.PREFIX.size)
        header_bytes, payload_bytes = wire.frame_bytes(bytes(prefix), payload_limit)
        self.allowance -= header_bytes + payload_bytes
        if self.allowance < 0:
            raise AllowanceError
        return self._read_exactly(header_bytes), self._read_exactly(payload_bytes)

    def processor_seconds(self) -> float | None:
        """Return the processor time that the child has used, by the kernel's account; None if it is unknown."""
        try:
            return time.clock_gettime((~self._pid << 3) | 2) if self._pid else None  # as clock_getcpuclockid does
        except OSError:
            return None

    def ends_by_itself(self) -> bool:
        """Return whether the zygote reports the child's end soon after the channel has ended."""
        poll = select.poll()
        poll.register(self._status, select.POLLIN)
        return bool(poll.poll(LAST_BREATH_SECONDS * 1000))

    def end(self, wait: bool = True) -> wire.Ended:
        """Make the zygote kill the child. Return its report; an empty one if it gives none or without `wait`."""
        if self._closed:
            return wire.Ended()
        self._closed = True
        text = b""
        try:
            self._status.settimeout(KILL_SECONDS)
            with contextlib.suppress(OSError):  # the child's end was reported already
                self._status.send(b"k")
            text = self._status.recv(4096) if wait else b""
        except OSError:
            text = b""  # the zygote has ended, and its children with it
        self._channel.close()
        self._status.close()
        self.stdout.close()
        self.stderr.close()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        return wire.ended_of(text)

    def _read_exactly(self, count: int) -> bytearray:
        content = self._replies.exactly(count)
        if content is None:
            raise EndedError
        return content

    def _receive(self, view: memoryview) -> int:
        """Fill the beginning of a buffer with the next bytes of an answer, and return their number."""
        while True:
            if time.monotonic() > self._deadline:  # even if bytes keep coming, one at a time, so that nothing waits
                self._deadline = self._later()
            try:
                return self._channel.recv_into(view)
            except BlockingIOError:
                self._deadline = self._wait(select.POLLIN, self._deadline)
            except OSError:
                raise EndedError from None

    def _later(self) -> float:
        """Return another deadline if the child or we have waited for a processor since the last one. Raises LateError.

        A busy machine must cost no points, so that time does not count. A child that sleeps is not in the queue. Both
        may wait at the same time, so only the longer wait counts: a second can never bring another second.
        """
        before, self._queued = self._queued, self._seconds_in_queue()
        more = max(now - then for now, then in zip(self._queued, before, strict=True))
        more = min(more, MOST_SECONDS - self._given)
        if more < SHORTEST_SECONDS:
            raise LateError
        self._given += more
        return time.monotonic() + more

    def _seconds_in_queue(self) -> tuple[float, float]:
        """Return how long the child and this process have been ready to run while others ran."""
        return seconds_in_queue(self._pid), seconds_in_queue(os.getpid())

    def _wait(self, event: int, deadline: float) -> float:
        """Wait for the channel, read what the learner prints in the meantime, and return the deadline that then holds.

        Raises LateError and InterruptedRunError.
        """
        self._poll.register(self._channel, event)
        while True:
            if self._interruption is not None:
                self._interruption.check()
            left = deadline - time.monotonic()
            if left <= 0:
                deadline = self._later()
                continue
            for descriptor, _ in self._poll.poll(left * 1000 + 1):
                if self._interruption is not None and descriptor == self._interruption.descriptor:
                    break
                stream = self._streams.get(descriptor)
                if stream is None:
                    return deadline
                stream.drain(4)
                if not stream.open:
                    self._poll.unregister(descriptor)


def seconds_in_queue(pid: int) -> float:
    """Return how long the first thread of a process has waited for a processor; 0 where the kernel does not say.

    See "sched-stats" in the documentation of Linux: the second number is the time on a run queue, in nanoseconds.
    """
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as file:
            return int(file.read(100).split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def names_its_sender(channel: socket.socket) -> None:
    """Make the kernel name the sender of what arrives. Call it before the other end can send."""
    if sys.platform == "linux":
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def _sender_of(channel: socket.socket) -> int:
    """Return the PID, in our namespace, of the process that sent the bytes that wait; 0 if the kernel does not name it.

    The kernel names it, so a learner's code cannot name another one.
    """
    if sys.platform != "linux":
        return 0
    try:
        _, ancillary, _, _ = channel.recvmsg(1, socket.CMSG_SPACE(CREDENTIALS.size), socket.MSG_PEEK)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    except OSError:
        return 0
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and len(content) == CREDENTIALS.size:
            return int(CREDENTIALS.unpack(content)[0])
    return 0
