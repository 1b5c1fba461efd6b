"""A process of a cluster on this machine: a Dask scheduler or worker, until the coordinator closes its socket."""

from __future__ import annotations

import json
import logging
import socket
from typing import Any

import dask
from distributed import Scheduler, Security, Worker
from tornado.ioloop import IOLoop
from tornado.locks import Event

HOST = "127.0.0.1"
SETTINGS: dict[str, Any] = {
    "distributed.scheduler.http.routes": [],  # nobody looks at pages
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # it looks at each thread a hundred times a second
    "distributed.admin.low-level-log-length": 16,  # Dask keeps its last messages, and each may hold a notebook
    "distributed.admin.log-length": 100,
}


def main(descriptor: str) -> None:
    """Serve as the first line on an inherited socket says."""
    # The coordinator notices what ends; it prints one sentence about it.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    dask.config.set(SETTINGS)
    with socket.socket(fileno=int(descriptor)) as channel, channel.makefile("r", encoding="utf-8") as lines:
        order = json.loads(lines.readline())
        IOLoop().run_sync(lambda: _serve(channel, order))


async def _serve(channel: socket.socket, order: dict[str, Any]) -> None:
    # The certificates exist only in the memory of these processes, so no program of a learner can join the cluster.
    security = Security(require_encryption=True, **order["tls"])
    closed = Event()
    IOLoop.current().add_handler(channel.fileno(), lambda *_: closed.set(), IOLoop.READ)
    common: dict[str, Any] = {"host": HOST, "security": security, "dashboard_address": f"{HOST}:0"}
    if order["scheduler"]:
        server: Any = Worker(
            order["scheduler"], nthreads=1, name=order["name"], local_directory=order["folder"],
            memory_limit=0, protocol="tls", **common,
        )  # fmt: skip
    else:
        server = Scheduler(port=0, protocol="tls", dashboard=False, **common)
    async with server:
        channel.sendall(json.dumps({"address": server.address}).encode() + b"\n")
        await closed.wait()
