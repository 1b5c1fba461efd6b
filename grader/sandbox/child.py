"""Our side of one child: requests out, claims back, and an end that we can always enforce."""

from __future__ import annotations

import math
import secrets
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from grader.sandbox import wire
from grader.sandbox.answer import Answer, Raised, Returned, Stopped, UnknownCallError, UnsendableError
from grader.sandbox.connection import AllowanceError, Connection, EndedError, LateError, Stream
from grader.sandbox.inside import frames
from grader.sandbox.inside.protocol import LoadFrame, Operation, StartKerasFrame
from grader.sandbox.limits import MIB, STARTUP_SECONDS, Limits
from grader.sandbox.reason import Reason
from grader.sandbox.request import Request
from grader.sandbox.substitutes import ASKED_LIMIT, AskedTooOftenError, Substitutes

EPOCHS_LIMIT = 10_000

TellEpoch = Callable[[int, int], None]
"""Receives the number of each epoch that begins, and how many there are."""


class _BudgetError(Exception):
    """The submission has used all its time before its next answer."""


class Child:
    """One confined process that holds a learner's code."""

    def __init__(self, connection: Connection, limits: Limits, tell_epoch: TellEpoch = lambda number, of: None) -> None:
        self._connection = connection
        self._limits = limits
        self._tell_epoch = tell_epoch

    @property
    def printed(self) -> tuple[Stream, Stream]:
        """Return its standard output and standard error; complete after `close`."""
        return self._connection.stdout, self._connection.stderr

    @property
    def allowance(self) -> int:
        """Return how many more bytes of answers are read."""
        return self._connection.allowance

    def limit_allowance(self, allowance: int) -> None:
        """Read at most this many more bytes of answers."""
        self._connection.allowance = allowance

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
        """Prepare for Keras models, before the learner's files are loaded."""
        nonce = _nonce()
        frame: StartKerasFrame = {"op": Operation.START_KERAS, "nonce": nonce, "seed": seed}
        return self._answers(frames.pack(frame, []), nonce, ["the start of Keras"], [None], STARTUP_SECONDS)[0]

    def ask_all(
        self, module: str, requests: Sequence[Request], until: float, substitutes: Substitutes | None = None
    ) -> list[Answer]:
        """Make calls, each within its own time. The list ends at the first Stopped, after which the child is gone.

        No call begins after `until`, on the monotonic clock: one that does is stopped. While a call runs, the child may
        ask for our functions in `substitutes`.
        """
        nonce = _nonce()
        replaced = {} if substitutes is None else {substitutes.caller: substitutes.names}
        pieces = wire.call_frame(nonce, module, requests, self._connection.number, replaced)
        names = [str(request.function) for request in requests]
        returning = [len(one.arguments) if one.return_arguments else None for one in requests]
        return self._answers(pieces, nonce, names, returning, self._limits.call_seconds, until, substitutes)

    def close(self) -> None:
        """End the child, whatever it does, and keep what it printed. Does not wait for the process to exit."""
        self._connection.end(wait=False)

    def _answers(
        self,
        pieces: list[Any],
        nonce: int,
        names: Sequence[str],
        returning: Sequence[int | None],
        seconds: float,
        until: float = math.inf,
        substitutes: Substitutes | None = None,
    ) -> list[Answer]:
        """Send a frame and return its answers: one for each name, or fewer, of which the last is a Stopped."""
        answers: list[Answer] = []
        started = time.perf_counter()
        used = self._connection.processor_seconds()
        deadline = time.monotonic() + seconds
        connection = self._connection
        try:
            if connection.has_early_bytes():
                raise wire.ProtocolError("it answered a call before it was made")
            connection.write(pieces, deadline)
            for name, count in zip(names, returning, strict=True):
                if answers and time.monotonic() > until:
                    raise _BudgetError
                allowed = substitutes.during(name) if substitutes is not None else frozenset()
                expected = wire.Expected(nonce, connection.number, count, allowed)
                answer, learning = self._read_answer(deadline, expected, substitutes)
                ended = time.perf_counter()
                if isinstance(answer, Returned):
                    after = connection.processor_seconds()
                    own = after - used if after is not None and used is not None else None
                    answer, used = Returned(answer.value, answer.arguments, ended - started, own, learning), after
                answers.append(answer)
                started = ended
                deadline = time.monotonic() + seconds
        except (LateError, AllowanceError, wire.ProtocolError, EndedError, _BudgetError) as error:
            answers.append(self._stopped(error, names[len(answers)], seconds))
        return answers

    def _stopped(self, error: Exception, what: str, seconds: float) -> Stopped:
        """End the child, and return why `what` has no answer."""
        if isinstance(error, EndedError):
            if self._connection.ends_by_itself():
                return self._why_it_ended(self._connection.end(), what)
            error = wire.ProtocolError("it closed the grader's channel")
        self._connection.end()
        if isinstance(error, LateError):
            return Stopped(Reason.TIMED_OUT, f"{what} took longer than {seconds:g} seconds and was stopped")
        if isinstance(error, _BudgetError):
            return Stopped(Reason.OVER_BUDGET, self._limits.used_up)
        if isinstance(error, AllowanceError):
            most = f"{self._limits.all_replies_bytes // MIB} MiB"
            return Stopped(Reason.OVER_BUDGET, f"{what} was stopped: all answers of the file together exceed {most}")
        return Stopped(Reason.INVALID_ANSWER, f"{what} was stopped: {error}")

    def _read_answer(
        self, deadline: float, expected: wire.Expected, substitutes: Substitutes | None
    ) -> tuple[Returned | Raised, tuple[int, ...]]:
        """Return the answer, and for each epoch before it how many weights learnt. It may ask for our functions."""
        learning: list[int] = []
        while len(learning) < EPOCHS_LIMIT:
            reply, payload = self._connection.read_frame(deadline, self._limits.reply_bytes)
            said = wire.answer_of(bytes(reply), payload, expected)
            if isinstance(said, Returned | Raised):
                return said, tuple(learning)
            if isinstance(said, wire.Epoch):
                learning.append(said.learning)
                self._tell_epoch(said.number, said.of)
            elif substitutes is not None:
                self._connection.write(_answer_of_ours(said, expected.nonce, substitutes), deadline)
        raise wire.ProtocolError(f"it trained for more than {EPOCHS_LIMIT:,} epochs")

    def _why_it_ended(self, ended: wire.Ended, what: str) -> Stopped:
        if ended.cpu_seconds >= self._limits.cpu_seconds - 0.5:
            return Stopped(
                Reason.OUT_OF_CPU_TIME, f"{what} used more than {self._limits.cpu_seconds} seconds of processor time"
            )
        if ended.signal:
            name = signal.strsignal(ended.signal) or f"signal {ended.signal}"
            return Stopped(Reason.DIED, f"{what} crashed the whole process ({name.lower()})")
        return Stopped(Reason.EXITED, f"{what} ended the whole process (exit code {ended.code})")


def _answer_of_ours(request: Request, nonce: int, substitutes: Substitutes) -> list[Any]:
    """Return the frame with the answer of our function. Raises ProtocolError if the child may not have one."""
    try:
        answer = substitutes.answer(request)
        if isinstance(answer, Stopped):
            raise wire.ProtocolError(f"our own {request.function} has no answer to what it asked")
        return wire.answer_frame(nonce, answer)
    except AskedTooOftenError:
        raise wire.ProtocolError(f"it called {request.function} more than {ASKED_LIMIT:,} times") from None
    except (UnsendableError, UnknownCallError):
        raise wire.ProtocolError(f"our own {request.function} cannot be asked that") from None


def _nonce() -> int:
    """Return the number that an answer must repeat: nobody can answer a request before it is made."""
    return secrets.randbits(53)
