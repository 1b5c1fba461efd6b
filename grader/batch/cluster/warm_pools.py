"""Grading workers of a Dask worker: one for each thread that grades, kept warm from one submission to the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.batch.pool import WorkerPool, WorkerStartError

IDLE_SECONDS = 300.0  # a coordinator that was killed says no word; a class pauses for a second at most
_LOOK_SECONDS = 5.0


class WarmPools:
    """Pools of one grading worker each. `make` starts one."""

    def __init__(self, make: Callable[[], WorkerPool]) -> None:
        self._make = make
        self._idle: list[tuple[WorkerPool, float]] = []
        self._busy: list[WorkerPool] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._close_what_is_idle, name="grade-idle", daemon=True).start()

    @contextmanager
    def one(self) -> Iterator[WorkerPool]:
        """Lend a pool to one thread. After an error in the block, it is closed. Raises WorkerError."""
        with self._lock:
            pool = self._idle.pop()[0] if self._idle else None
        if pool is None:
            pool = self._make()
        with self._lock:
            self._busy.append(pool)
        try:
            if self._ended.is_set():
                raise WorkerStartError("the grading workers of this machine were ended")
            yield pool
        except BaseException:
            self._take_back(pool, to_keep=False)
            raise
        self._take_back(pool, to_keep=True)

    def end(self) -> None:
        """End all grading workers. Does not wait for submissions that are graded at this moment."""
        with self._lock:
            self._ended.set()
            idle, self._idle = self._idle, []
            for pool in self._busy:
                pool.abort()
        for pool, _ in idle:
            pool.close()

    def _take_back(self, pool: WorkerPool, to_keep: bool) -> None:
        with self._lock:
            self._busy.remove(pool)
            if to_keep and not self._ended.is_set():
                self._idle.append((pool, time.monotonic()))
                return
        pool.close()

    def _close_what_is_idle(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            oldest = time.monotonic() - IDLE_SECONDS
            with self._lock:
                stale = [pool for pool, since in self._idle if since < oldest]
                self._idle = [(pool, since) for pool, since in self._idle if since >= oldest]
            for pool in stale:
                pool.close()
