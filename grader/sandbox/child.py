"""Our handle on one child: requests out, claims back, and an end that we can always bring about."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.sandbox import wire
from grader.sandbox.answer import Raised, Returned, Stopped, StopReason
from grader.sandbox.inside import frames
from grader.sandbox.limits import KILL_SECONDS, LAST_BREATH_SECONDS, MIB, STARTUP_SECONDS, Limits
from grader.sandbox.refusal import IsolationError

CHUNK = 256 * 1024
EPOCHS_LIMIT = 10_000


class _EndedError(Exception):
    """The channel ended before the answer."""


class _LateError(Exception):
    """The deadline passed before the answer."""


class _AllowanceError(Exception):
    """The answer is larger than what the submission may still send."""


class Stream:
    """What a learner printed: the first bytes are kept, the rest is read and dropped."""

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
        """Read what is left and close."""
        self.drain(2)
        os.close(self.descriptor)


class Child:
    """One confined process that holds a learner's code."""

    def __init__(
        self,
        number: int,
        channel: socket.socket,
        status: socket.socket,
        stdout: int,
        stderr: int,
        limits: Limits,
        scratch: str | None,
    ) -> None:
        self.number = number
        self.tell_epoch: Callable[[int, int], None] = lambda number, of: None
        self.allowance = limits.all_replies_bytes
        """How many more bytes of answers are read. All children of a submission share one budget."""
        self.stdout = Stream(stdout, limits.output_bytes)
        self.stderr = Stream(stderr, limits.output_bytes)
        self._channel = channel
        self._status = status
        self._limits = limits
        self._scratch = scratch
        self._closed = False
        channel.setblocking(False)
        self._deadline = math.inf
        self._replies = frames.Reader(self._receive)
        self._streams = {stream.descriptor: stream for stream in (self.stdout, self.stderr)}
        self._poll = select.poll()
        for descriptor in self._streams:
            self._poll.register(descriptor, select.POLLIN)

    def wait_until_confined(self) -> None:
        """Wait for our own code's word that the child is confined. Raises IsolationError."""
        try:
            header, _ = self._read_frame(time.monotonic() + STARTUP_SECONDS, 0)
            wire.confirms_confinement(bytes(header))
        except _LateError:
            raise IsolationError("the sandbox's child did not start in time") from None
        except (_EndedError, wire.ProtocolError):
            raise IsolationError("the sandbox's child ended before it was confined") from None

    def load(
        self, files: list[tuple[str, str]], imports: Mapping[str, Any], module: str, functions: list[str]
    ) -> Returned | Raised | Stopped:
        """Run the learner's files; the value is the list of those `functions` that are defined."""
        header = {"op": "load", "files": files, "imports": imports, "module": module, "functions": functions}
        return self._ask(header, (), {}, self._limits.load_seconds, f"loading {module}.py")

    def allow_operations(self, seed: int) -> Returned | Raised | Stopped:
        """Make ready for models of Keras, before the learner's files are loaded."""
        return self._ask({"op": "operations", "seed": seed}, (), {}, STARTUP_SECONDS, "the start of Keras")

    def call(
        self,
        module: str,
        function: str,
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
        return_arguments: bool,
        silently: bool = False,
    ) -> Returned | Raised | Stopped:
        """Call a function; `silently`, while no layer of Keras answers. After a Stopped the child is gone."""
        flags = {"return_arguments": return_arguments, "silently": silently}
        header = {"op": "call", "module": module, "function": function, **flags}
        returning = len(arguments) if return_arguments else None
        return self._ask(header, arguments, dict(named), self._limits.call_seconds, function, returning)

    def close(self) -> None:
        """End the child, whatever it does, and keep what it printed. Its end is not waited for."""
        self._end(wait=False)

    def _ask(
        self,
        header: dict[str, Any],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        seconds: float,
        what: str,
        returning: int | None = None,
    ) -> Returned | Raised | Stopped:
        nonce = secrets.randbits(53)
        request = wire.Request({**header, "nonce": nonce}, arguments, named, self.number)
        started = time.perf_counter()
        deadline = time.monotonic() + seconds
        try:
            if self._early_bytes():
                raise wire.ProtocolError("it answered a call before it was made")
            self._write(request.pieces, deadline)
            answer = self._read_answer(deadline, wire.Expected(nonce, self.number, returning))
            elapsed = time.perf_counter() - started
        except _LateError:
            self._end()
            return Stopped(StopReason.WALL_TIME, f"{what} took longer than {seconds:g} seconds and was stopped")
        except _AllowanceError:
            self._end()
            most = self._limits.all_replies_bytes // MIB
            return Stopped(StopReason.BUDGET, f"{what} was stopped: all answers of the file together exceed {most} MiB")
        except wire.ProtocolError as error:
            self._end()
            return Stopped(StopReason.PROTOCOL, f"{what} was stopped: {error}")
        except _EndedError:
            if not self._ends_by_itself():
                self._end()
                return Stopped(StopReason.PROTOCOL, f"{what} was stopped: it closed the grader's channel")
            return self._why_it_ended(self._end(), what)
        return Returned(answer.value, answer.arguments, elapsed) if isinstance(answer, Returned) else answer

    def _read_answer(self, deadline: float, expected: wire.Expected) -> Returned | Raised:
        """Return the answer; before it, at most EPOCHS_LIMIT frames may report an epoch."""
        for _ in range(EPOCHS_LIMIT):
            reply, payload = self._read_frame(deadline, self._limits.reply_bytes)
            answer = wire.answer_of(bytes(reply), payload, expected)
            if not isinstance(answer, wire.Epoch):
                return answer
            self.tell_epoch(answer.number, answer.of)
        raise wire.ProtocolError(f"it trained for more than {EPOCHS_LIMIT:,} epochs")

    def _early_bytes(self) -> bool:
        if self._replies.ahead:
            return True
        try:
            return bool(self._channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            raise _EndedError from None

    def _write(self, pieces: list[Any], deadline: float) -> None:
        for piece in pieces:
            view = memoryview(piece).cast("B") if len(piece) else memoryview(b"")
            while view:
                try:
                    view = view[self._channel.send(view) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT, deadline)
                except OSError:
                    raise _EndedError from None

    def _read_frame(self, deadline: float, payload_limit: int) -> tuple[bytearray, bytearray]:
        self._deadline = deadline
        prefix = self._read_exactly(frames.PREFIX.size)
        header_bytes, payload_bytes = wire.frame_bytes(bytes(prefix), payload_limit)
        self.allowance -= header_bytes + payload_bytes
        if self.allowance < 0:
            raise _AllowanceError
        return self._read_exactly(header_bytes), self._read_exactly(payload_bytes)

    def _read_exactly(self, count: int) -> bytearray:
        content = self._replies.exactly(count)
        if content is None:
            raise _EndedError
        return content

    def _receive(self, view: memoryview) -> int:
        """Some bytes of an answer: they are waited for first, since a learner's function takes its time."""
        while True:
            self._wait(select.POLLIN, self._deadline)
            try:
                return self._channel.recv_into(view)
            except BlockingIOError:
                continue
            except OSError:
                raise _EndedError from None

    def _wait(self, event: int, deadline: float) -> None:
        """Wait for the channel, reading meanwhile what the learner prints."""
        self._poll.register(self._channel, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _LateError
            for descriptor, _ in self._poll.poll(left * 1000 + 1):
                stream = self._streams.get(descriptor)
                if stream is None:
                    return
                stream.drain(4)
                if not stream.open:
                    self._poll.unregister(descriptor)

    def _ends_by_itself(self) -> bool:
        """Whether the zygote reports the child's end soon after the channel has ended."""
        poll = select.poll()
        poll.register(self._status, select.POLLIN)
        return bool(poll.poll(LAST_BREATH_SECONDS * 1000))

    def _end(self, wait: bool = True) -> wire.Ended:
        """Have the zygote kill the child, and return its report; an empty one if it gives none or without `wait`."""
        if self._closed:
            return wire.Ended()
        self._closed = True
        text = b""
        try:
            self._status.settimeout(KILL_SECONDS)
            with contextlib.suppress(OSError):  # it has reported and gone already
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

    def _why_it_ended(self, ended: wire.Ended, what: str) -> Stopped:
        if ended.cpu_seconds >= self._limits.cpu_seconds - 0.5:
            return Stopped(
                StopReason.CPU_TIME, f"{what} used more than {self._limits.cpu_seconds} seconds of processor time"
            )
        if ended.signal:
            name = signal.strsignal(ended.signal) or f"signal {ended.signal}"
            return Stopped(StopReason.DIED, f"{what} crashed the whole process ({name.lower()})")
        return Stopped(StopReason.EXITED, f"{what} ended the whole process (exit code {ended.code})")
