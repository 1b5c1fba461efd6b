"""A Dask cluster on this machine, for `--cluster local:4`: a scheduler and workers, in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import dataclass
from typing import Any

from distributed import Security

from grader import processes
from grader.batch.cluster.cluster_error import ClusterError
from grader.batch.pool import usable_cores
from grader.current_folder import environment
from grader.sandbox.scratch import make_folder, remove_folder

STARTUP_SECONDS = 60.0  # an idle machine needs 2
END_SECONDS = 10.0  # a worker ends its grading worker and removes its folder


@dataclass
class _Member:
    """A process of the cluster, which ends when the channel is closed."""

    popen: processes.Process
    channel: socket.socket


class LocalCluster:
    """A scheduler and `count` workers with one thread each. Raises ClusterError if the scheduler does not start."""

    def __init__(self, count: int, isolation: str) -> None:
        self.security = Security.temporary()
        self._tls = {
            name: getattr(self.security, name)
            for name in ("tls_ca_file", *(f"tls_{role}_{part}" for role in _ROLES for part in ("cert", "key")))
        }
        self._folder = make_folder(for_children=isolation == "process")
        self._workers: list[_Member] = []
        self._scheduler: _Member | None = None
        try:
            self._scheduler = self._started(None)
            cores = usable_cores()
            for number in range(count):
                self._workers.append(self._started(cores[number] if count == len(cores) else None))
            self._order(self._scheduler, {"scheduler": "", "name": "scheduler"})
            self.address = _address_from(self._scheduler)
            for number, worker in enumerate(self._workers):
                self._order(worker, {"scheduler": self.address, "name": f"worker-{number}"})
        except BaseException:  # also Ctrl-C
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Return True if the scheduler and a worker are running. None of them is started again."""
        members = [self._scheduler] if self._scheduler is not None else []
        return all(one.popen.poll() is None for one in members) and any(
            one.popen.poll() is None for one in self._workers
        )

    def close(self) -> None:
        """End the workers, then the scheduler, and remove what they wrote."""
        for member in self._workers:
            member.channel.close()
        for member in self._workers:
            _wait(member)
        if self._scheduler is not None:
            self._scheduler.channel.close()
            _wait(self._scheduler)
        remove_folder(self._folder)

    def _started(self, core: int | None) -> _Member:
        ours, theirs = socket.socketpair()
        popen = processes.start(
            processes.python_main("grader.batch.cluster.local_process", str(theirs.fileno())),
            {**environment(), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TMPDIR": self._folder},
            [theirs.fileno()],
        )
        theirs.close()
        if core is not None:  # the reason is in `WorkerPool`
            with contextlib.suppress(OSError):
                os.sched_setaffinity(popen.pid, {core})
        return _Member(popen, ours)

    def _order(self, member: _Member, order: dict[str, Any]) -> None:
        """Tell a process, which has imported Dask meanwhile, what it is."""
        with contextlib.suppress(OSError):  # it has ended: the scheduler will not have this worker
            member.channel.sendall(json.dumps({**order, "folder": self._folder, "tls": self._tls}).encode() + b"\n")


_ROLES = ("scheduler", "worker", "client")


def _address_from(scheduler: _Member) -> str:
    scheduler.channel.settimeout(STARTUP_SECONDS)
    try:
        with scheduler.channel.makefile("r", encoding="utf-8") as lines:
            return str(json.loads(lines.readline())["address"])
    except (OSError, ValueError):
        raise ClusterError(
            "the scheduler on this machine did not start. Use --workers instead of --cluster, and report this."
        ) from None


def _wait(member: _Member) -> None:
    try:
        member.popen.wait(END_SECONDS)
    except processes.StillRunning:
        member.popen.kill()
        member.popen.wait()
