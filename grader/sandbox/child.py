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
from collections.abc import Callable, Sequence
from typing import Any

from grader.sandbox import wire
from grader.sandbox.answer import Answer, Raised, Returned, Stopped
from grader.sandbox.inside import frames
from grader.sandbox.inside.protocol import LoadFrame, Operation, StartKerasFrame
from grader.sandbox.limits import KILL_SECONDS, LAST_BREATH_SECONDS, MIB, STARTUP_SECONDS, Limits
from grader.sandbox.reason import Reason
from grader.sandbox.refusal import IsolationError
from grader.sandbox.request import Request

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

    def load(self, files: list[tuple[str, str]], imports: dict[str, Any], module: str, functions: list[str]) -> Answer:
        """Run the learner's files; the value is the list of those `functions` that are defined."""
        nonce = _nonce()
        frame: LoadFrame = {
            "op": Operation.LOAD, "nonce": nonce, "files": files, "imports": imports, "module": module,
            "functions": functions,
        }  # fmt: skip
        what = f"loading {module}.py"
        return self._answers(frames.pack(frame, []), nonce, [what], [None], self._limits.load_seconds)[0]

    def start_keras(self, seed: int) -> Answer:
        """Make ready for models of Keras, before the learner's files are loaded."""
        nonce = _nonce()
        frame: StartKerasFrame = {"op": Operation.START_KERAS, "nonce": nonce, "seed": seed}
        return self._answers(frames.pack(frame, []), nonce, ["the start of Keras"], [None], STARTUP_SECONDS)[0]

    def ask_all(self, module: str, requests: Sequence[Request]) -> list[Answer]:
        """Make calls, each within its own time. The list ends at the first Stopped, after which the child is gone."""
        nonce = _nonce()
        pieces = wire.call_frame(nonce, module, requests, self.number)
        names = [str(request.function) for request in requests]
        returning = [len(one.arguments) if one.return_arguments else None for one in requests]
        return self._answers(pieces, nonce, names, returning, self._limits.call_seconds)

    def close(self) -> None:
        """End the child, whatever it does, and keep what it printed. Its end is not waited for."""
        self._end(wait=False)

    def _answers(
        self, pieces: list[Any], nonce: int, names: Sequence[str], returning: Sequence[int | None], seconds: float
    ) -> list[Answer]:
        """Send a frame and return its answers: one for each name, or fewer of which the last is a Stopped."""
        answers: list[Answer] = []
        started = time.perf_counter()
        deadline = time.monotonic() + seconds
        try:
            if self._early_bytes():
                raise wire.ProtocolError("it answered a call before it was made")
            self._write(pieces, deadline)
            for count in returning:
                answer = self._read_answer(deadline, wire.Expected(nonce, self.number, count))
                ended = time.perf_counter()
                if isinstance(answer, Returned):
                    answer = Returned(answer.value, answer.arguments, ended - started)
                answers.append(answer)
                started = ended
                deadline = time.monotonic() + seconds
        except (_LateError, _AllowanceError, wire.ProtocolError, _EndedError) as error:
            answers.append(self._stopped(error, names[len(answers)], seconds))
        return answers

    def _stopped(self, error: Exception, what: str, seconds: float) -> Stopped:
        """End the child, and return why `what` has no answer."""
        if isinstance(error, _EndedError):
            if self._ends_by_itself():
                return self._why_it_ended(self._end(), what)
            error = wire.ProtocolError("it closed the grader's channel")
        self._end()
        if isinstance(error, _LateError):
            return Stopped(Reason.TIMED_OUT, f"{what} took longer than {seconds:g} seconds and was stopped")
        if isinstance(error, _AllowanceError):
            most = f"{self._limits.all_replies_bytes // MIB} MiB"
            return Stopped(Reason.OVER_BUDGET, f"{what} was stopped: all answers of the file together exceed {most}")
        return Stopped(Reason.INVALID_ANSWER, f"{what} was stopped: {error}")

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
        """Fill the beginning of a buffer with what comes of an answer, and return how much it is."""
        while True:
            try:
                return self._channel.recv_into(view)
            except BlockingIOError:
                self._wait(select.POLLIN, self._deadline)
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
                Reason.OUT_OF_CPU_TIME, f"{what} used more than {self._limits.cpu_seconds} seconds of processor time"
            )
        if ended.signal:
            name = signal.strsignal(ended.signal) or f"signal {ended.signal}"
            return Stopped(Reason.DIED, f"{what} crashed the whole process ({name.lower()})")
        return Stopped(Reason.EXITED, f"{what} ended the whole process (exit code {ended.code})")


def _nonce() -> int:
    """Return the number that an answer must repeat: nobody can answer a request before it is made."""
    return secrets.randbits(53)
