"""The coordinator's side of Dask: connect to a scheduler, send requests, get replies, notice what is gone."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import count
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, Future, Security, WorkerPlugin

from grader.batch.cluster.cluster_address import ClusterAddress
from grader.batch.cluster.cluster_error import RESUMABLE, ClusterError
from grader.batch.cluster.grading_plugin import grade_request
from grader.batch.cluster.software import difference

if TYPE_CHECKING:
    from grader.batch.cluster.local_cluster import LocalCluster

CONNECT_SECONDS = 20.0
QUIET_SECONDS = 5.0  # before a line says that we wait for workers; local ones need 2
FIRST_WORKER_SECONDS = 120.0
LEAVE_SECONDS = 10.0
_AT_ONCE = 256  # replies fetched in one round trip
_SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a notebook may have 15 MiB, which is no graph
    "distributed.admin.low-level-log-length": 16,  # Dask keeps its last messages, and each may hold a notebook
}
_CERTIFICATES = "Name them in Dask's configuration, distributed.comm.tls (docs/cluster.md)."
_OTHER_SOFTWARE = "Install the same versions on all machines, or start all workers from one image (docs/cluster.md)."


Key = tuple[str, int]
"""A request in Dask: the name of our plugin, and a number."""


@dataclass(frozen=True)
class Answer:
    """The end of a request. Without a `reply`, `why` says what happened; `is_final` if Dask has retried it enough."""

    key: Key
    reply: bytes | None
    why: str = ""
    is_final: bool = False


class _Client(Client):
    """A client that is closed if it cannot start; Dask's own waits for a minute at the end of the process."""

    def start(self, **options: Any) -> None:
        """Connect to the scheduler. Raises whatever Dask raises."""
        try:
            Client.start(self, **options)
        except BaseException:  # also Ctrl-C
            with contextlib.suppress(Exception):
                Client.close(self, timeout=2)
            raise


def _client(address: str, security: Security) -> Client:
    kind: Any = _Client  # without type hints
    client: Client = kind(address, timeout=CONNECT_SECONDS, security=security, set_as_default=False, name="cnn-grader")
    return client


class DaskConnection:
    """A connection to a cluster whose workers grade. Raises ClusterError."""

    def __init__(self, address: ClusterAddress, isolation: str, on_wait: Callable[[], None]) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # our own messages say what happened
        dask.config.set(_SETTINGS)
        self._plugin = ""
        self._numbers = count()
        self._futures: dict[Key, Future[Any]] = {}
        self._ended: queue.SimpleQueue[Future[Any] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[list[Answer]] = queue.SimpleQueue()
        self._local: LocalCluster | None = None
        self._client: Client | None = None
        self._is_gone = False
        try:
            if not address.scheduler:
                from grader.batch.cluster.local_cluster import LocalCluster

                self._local = LocalCluster(address.workers, isolation)
            self._address = self._local.address if self._local is not None else address.scheduler
            self._client = self._connected()
            self._wait_for_worker(on_wait)
        except BaseException:  # also Ctrl-C
            self.close()
            raise

    def install(self, plugin: WorkerPlugin, name: str, software: Mapping[str, str]) -> None:
        """Check the software of all workers, then let them and all later workers have the plugin."""
        client = self._connected_client()
        with self._scheduler_needed():
            described = client.run(_describe_software(), on_error="return")
            for worker, seen in described.items():
                self._refuse_other_software(worker, seen, software)
            client.register_plugin(plugin, name=name)
            self._plugin = name
        threading.Thread(target=self._collect, name="grade-replies", daemon=True).start()

    def threads(self) -> dict[str, int]:
        """Return the number of threads of each worker; empty without workers."""
        if self._local is not None and not self._local.is_alive:
            return {}
        with self._scheduler_needed():
            return dict(self._connected_client().nthreads())

    @property
    def can_get_workers(self) -> bool:
        """Return True if new workers may join: those of a cluster on this machine are not started again."""
        return self._local is None

    def workers_of(self, keys: Sequence[Key]) -> set[str]:
        """Return the workers to which the scheduler has given these requests."""
        wanted = set(keys)
        with self._scheduler_needed():
            given = self._connected_client().processing()
        return {worker for worker, theirs in given.items() if not wanted.isdisjoint(theirs)}

    def submit(self, requests: Sequence[bytes], workers: Sequence[str] = ()) -> list[Key]:
        """Send requests, preferably to these workers, and return their keys."""
        keys = [(self._plugin, next(self._numbers)) for _ in requests]
        with self._scheduler_needed():
            futures = self._connected_client().map(
                grade_request, [self._plugin] * len(requests), list(requests), key=keys, pure=False,
                workers=list(workers) or None, allow_other_workers=bool(workers),
            )  # fmt: skip
        for key, future in zip(keys, futures, strict=True):
            self._futures[key] = future
            future.add_done_callback(self._ended.put)
        return keys

    def answers(self, timeout: float) -> list[Answer]:
        """Return the next answers; none after a timeout."""
        try:
            return self._answers.get(timeout=timeout)
        except queue.Empty:
            return []

    def forget(self, key: Key) -> None:
        """Release a request: its answer is not wanted any more."""
        future = self._futures.pop(key, None)
        if future is not None:
            with contextlib.suppress(Exception):  # the connection may be closed, and then nothing holds it
                future.cancel() if not future.done() else future.release()

    def close(self) -> None:
        """Cancel what is not graded, end the grading workers, and a cluster that we started."""
        self._ended.put(None)
        if self._client is not None:
            if not self._is_gone and self._local is None:
                # In a thread, because Dask waits for a frozen worker until the scheduler gives it up.
                leaving = threading.Thread(target=self._leave, args=(self._client,), daemon=True)
                leaving.start()
                leaving.join(LEAVE_SECONDS)
            self._futures.clear()
            with contextlib.suppress(Exception):
                self._client.close(timeout=2)
            self._client = None
        if self._local is not None:
            self._local.close()
            self._local = None

    def _leave(self, client: Client) -> None:
        with contextlib.suppress(Exception):  # the scheduler may be gone, and then it holds nothing
            client.cancel(list(self._futures.values()), force=True)
            if self._plugin:
                client.unregister_worker_plugin(self._plugin)

    def _connected(self) -> Client:
        security = self._local.security if self._local is not None else _configured_security(self._address)
        try:
            return _client(self._address, security)
        except (OSError, ImportError) as error:
            seen = _cause_of_silence(error)
            raise ClusterError(
                f"no Dask scheduler answered at {self._address} within {CONNECT_SECONDS:g} seconds ({seen}). "
                f"Check the address, and that `dask scheduler` is running and can be reached from here."
            ) from None
        except Exception as error:
            ours = metadata.version("distributed")
            raise ClusterError(
                f"the scheduler at {self._address} does not understand Dask {ours} ({_said(error)}). {_OTHER_SOFTWARE}"
            ) from None

    def _connected_client(self) -> Client:
        if self._client is None:
            raise ClusterError("the connection is closed")
        return self._client

    def _wait_for_worker(self, on_wait: Callable[[], None]) -> None:
        started, said = time.monotonic(), False
        while not self.threads():
            waited = time.monotonic() - started
            if self._local is not None and not self._local.is_alive:
                raise ClusterError("no worker on this machine has started. Use --workers instead, and report this.")
            if waited > FIRST_WORKER_SECONDS:
                raise ClusterError(
                    f"the scheduler at {self._address} has had no worker for {FIRST_WORKER_SECONDS:g} seconds. Start "
                    f"some: dask worker {self._address}"
                )
            if waited > QUIET_SECONDS and not said:
                on_wait()
                said = True
            time.sleep(0.1)

    def _refuse_other_software(self, worker: str, seen: object, expected: Mapping[str, str]) -> None:
        if not isinstance(seen, bytes):
            raise ClusterError(f"the worker {worker} cannot say what it has ({_said(seen)}). {_OTHER_SOFTWARE}")
        if sentence := difference(json.loads(seen), expected):
            raise other_software(worker, sentence)

    @contextlib.contextmanager
    def _scheduler_needed(self) -> Any:
        try:
            yield
        except ClusterError:
            raise
        except Exception as error:
            self._is_gone = True
            raise ClusterError(f"the scheduler at {self._address} is gone ({_said(error)}). {RESUMABLE}") from None

    def _next_ended(self) -> list[Future[Any]] | None:
        """Return the next requests that have ended; None after `close`."""
        group = [self._ended.get()]
        with contextlib.suppress(queue.Empty):
            while len(group) < _AT_ONCE:
                group.append(self._ended.get_nowait())
        ended = [one for one in group if one is not None]
        return ended if len(ended) == len(group) else None

    def _collect(self) -> None:
        """Fetch the replies in a thread: if a worker dies now, fetching waits until its work is done again."""
        client = self._connected_client()
        while (group := self._next_ended()) is not None:
            try:
                done = {future.key: future for future in group if future.status == "finished"}
                replies: dict[Any, Any] = client.gather(done, errors="skip") if done else {}
                self._answers.put([_answer(future, replies.get(future.key)) for future in group])
            except Exception:  # the connection is closed or lost; the main thread asks for the workers and finds out
                self._answers.put([Answer(_key_of(future), None, "the reply was lost") for future in group])


def _configured_security(address: str) -> Security:
    """Return the security settings of Dask's configuration. Raises ClusterError if tls:// needs more."""
    try:
        security = Security()
        context = security.get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        raise ClusterError(f"the certificates for {address} cannot be read ({_said(error)}). {_CERTIFICATES}") from None
    if context is None and address.startswith("tls://"):
        raise ClusterError(f"{address} needs certificates, and none are configured. {_CERTIFICATES}")
    return security


def other_software(worker: str, sentence: str) -> ClusterError:
    """Return the error for a worker that would grade with something else."""
    return ClusterError(f"the worker {worker} must not be used. {sentence.removesuffix('.')}. {_OTHER_SOFTWARE}")


def _answer(future: Future[Any], reply: object) -> Answer:
    key = _key_of(future)
    if isinstance(reply, bytes):
        return Answer(key, reply)
    if future.status == "error":
        error = future.exception()
        return Answer(key, None, _said(error), is_final=type(error).__name__ == "KilledWorker")
    return Answer(key, None, "its worker was lost")


def _key_of(future: Future[Any]) -> Key:
    key: Any = future.key
    return str(key[0]), int(key[1])


def _cause_of_silence(error: BaseException) -> str:
    """Return the first cause that the system gave: Dask says "timed out" of a connection that was refused."""
    seen = "no answer"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None:
            seen = _said(cause)
        cause = cause.__cause__
    return seen


def _said(error: object) -> str:
    """Return the first line of an error."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _describe_software() -> Callable[[], bytes]:
    """Return a function that a worker runs even if it has another version of the grader, or none."""

    def described() -> bytes:  # a nested function travels with its code; others travel by their names
        import importlib.metadata
        import json

        try:
            from grader.batch.cluster.software import software_here

            seen = dict(software_here())
        except ImportError:
            try:
                seen = {"cnn-grader": importlib.metadata.version("cnn-grader")}
            except importlib.metadata.PackageNotFoundError:
                seen = {}
        return json.dumps(seen).encode()

    return described
