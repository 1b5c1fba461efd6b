"""The loop of a worker process: read tasks as lines of JSON, and answer each one, until the socket is closed."""

from __future__ import annotations

import json
import resource
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from grader.batch.breach import Breach
from grader.batch.worker_limits import limit_memory


class ChangedError(Exception):
    """The files of a submission have changed since the coordinator found them."""


class UnusableError(Exception):
    """This process cannot answer any task. With `refusal`, the isolation is unavailable."""

    def __init__(self, message: str, refusal: str | None = None) -> None:
        super().__init__(message)
        self.refusal = refusal


class Answering(Protocol):
    """Whatever answers the tasks of a worker."""

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one task."""


def serve(descriptor: str, make_server: Callable[[], Answering]) -> None:
    """Answer the tasks that come in on an inherited socket."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process even within a regular expression or the parser
    channel = socket.socket(fileno=int(descriptor))
    # One stream for each direction: a text stream for both loses what it has read ahead when it writes.
    with channel, channel.makefile("r", encoding="utf-8", newline="\n") as lines:

        def say(reply: dict[str, Any]) -> None:
            try:
                channel.sendall(json.dumps(reply).encode() + b"\n")
            except OSError:  # the coordinator is gone
                raise SystemExit(0) from None

        server = make_server()
        say({"ready": True})
        for line in _until_closed(lines):
            try:
                say(server.answer(json.loads(line)))
            except UnusableError as error:
                say({"unusable": str(error), "refusal": error.refusal})
            except ChangedError as error:
                say({"changed": str(error)})
            except MemoryError:
                limit_memory(resource.RLIM_INFINITY)
                say({"breach": Breach.MEMORY})
                return
            except Exception as error:  # one submission must not stop the others; the coordinator retries it
                failure = f"{type(error).__name__}: {error}"
                say({"report": "", "faults": 1, "seconds": 0.0, "failure": failure})


def _until_closed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the requests until the coordinator closes its end, even if it leaves a reply unread."""
    with suppress(ConnectionError):
        yield from lines
