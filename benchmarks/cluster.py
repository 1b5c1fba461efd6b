"""Compare a Dask cluster on this machine with the local workers, and queue very many submissions.

python -m benchmarks.cluster class 2000
python -m benchmarks.cluster queue 1000000

`class` grades the same class of exercise 3 with two local workers, on a cluster of two workers, and on one that loses a
worker half way. All results must be the same bytes. `queue` sends submissions through the pool of the coordinator and
through the scheduler; a stand-in answers in place of a grading worker, so the time is that of the queue. It shows the
peak memory of both processes for a tenth of the submissions and for all. The intake and the journal are measured by
`benchmarks.batch memory`.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin

from benchmarks.batch import RIGHT, SAMPLE, digests, high_water_mark
from benchmarks.paired import machine, python
from grader.batch.task import Task
from grader.course import load_course
from grader.submission.submission import content_hash

ROOT = Path(__file__).parents[1]
WORKERS = 2
LOCAL, CLUSTER = ("--workers", str(WORKERS)), ("--cluster", f"local:{WORKERS}")


def main(arguments: list[str]) -> None:
    """Run the chosen benchmark."""
    match arguments:
        case ["class", *size]:
            print(machine())
            whole_class(int(size[0]) if size else 2_000)
        case ["queue", *size]:
            print(machine())
            queues(int(size[0]) if size else 1_000_000)
        case ["one-queue", size]:
            one_queue(int(size))
        case _:
            raise SystemExit("usage: python -m benchmarks.cluster class [SUBMISSIONS], or queue [SUBMISSIONS]")


def whole_class(size: int) -> None:
    """Grade one class in three ways. Exit with 1 if the results differ."""
    with tempfile.TemporaryDirectory() as folder:
        submissions = Path(folder, "class.zip")
        with zipfile.ZipFile(submissions, "w") as archive:
            for number in range(size):
                text = (RIGHT, SAMPLE)[number % 2].read_text(encoding="utf-8")
                archive.writestr(f"learner{number:06d}/dropout.py", f"{text}# {number}\n")
        local, cluster, killed = (Path(folder, name) for name in ("local", "cluster", "killed"))
        seconds = {out: graded(submissions, out, options) for out, options in ((local, LOCAL), (cluster, CLUSTER))}
        seconds[killed] = graded(submissions, killed, CLUSTER, lambda pid: kill_a_worker(pid, killed, size // 2))
        expected = digests(local)
        same = {out: digests(out) == expected for out in (cluster, killed)}
        for out, what in (
            (local, f"{WORKERS} local workers"),
            (cluster, f"a cluster of {WORKERS} workers"),
            (killed, "the same, one worker killed half way"),
        ):
            result = "" if out == local else f", {'the same bytes' if same[out] else 'DIFFERENT BYTES'}"
            print(f"{what}: {seconds[out]:.1f} s, {size / seconds[out]:.1f} per second{result}")
        print(f"throughput of the cluster against the local workers: {seconds[local] / seconds[cluster]:.2f}")
        if not all(same.values()):
            sys.exit(1)


def graded(
    submissions: Path, out: Path, options: tuple[str, ...], meanwhile: Callable[[int], None] | None = None
) -> float:
    """Run a batch as a whole process, and return its seconds."""
    words = python("-m", "grader", "batch", str(submissions), "--out", str(out), "--seed", "3", *options)
    started = time.monotonic()
    batch = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=ROOT)
    if meanwhile is not None:
        meanwhile(batch.pid)
    if batch.wait() != 0:
        sys.exit(f"grade batch ended with {batch.returncode}")
    return time.monotonic() - started


def kill_a_worker(batch: int, out: Path, when: int) -> None:
    """Kill the Dask worker that was started last, when so many reports are in the journal."""
    while recorded(out / "journal.db") < when:
        time.sleep(0.05)
    os.kill(max(cluster_processes(batch)), signal.SIGKILL)
    print(f"killed a worker after {recorded(out / 'journal.db')} reports", flush=True)


def recorded(journal: Path) -> int:
    """Return the number of reports in a journal; 0 as long as there is no journal."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT COUNT(*) FROM graded").fetchone()[0])
    return 0


def cluster_processes(parent: int) -> list[int]:
    """Return the processes of the cluster that `parent` has started: the scheduler is the first one."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            above = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if above == parent and b"local_process" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
    return sorted(found)


def queues(size: int) -> None:
    """Queue a tenth of the submissions and then all, each in a process of its own, and compare the peaks."""
    peaks = []
    for number in (size // 10, size):
        done = subprocess.run(
            python("-m", "benchmarks.cluster", "one-queue", str(number)), stdout=subprocess.PIPE, cwd=ROOT, check=True
        )
        seen = json.loads(done.stdout)
        peaks.append(seen)
        print(
            f"{number:,} submissions: {seen['seconds']:.0f} s, {number / seen['seconds']:.0f} per second; peak "
            f"{seen['coordinator']:.1f} MiB in the coordinator, {seen['scheduler']:.1f} MiB in the scheduler",
            flush=True,
        )
    for name in ("coordinator", "scheduler"):
        print(f"{name}: ratio {peaks[1][name] / peaks[0][name]:.2f}")


class StandIn(WorkerPlugin):
    """Answers each request with the same report, as large as one of a learner."""

    def setup(self, worker: Worker) -> None:
        """Need nothing."""

    def answer(self, packed: bytes) -> bytes:
        """Return a reply of 20 KB."""
        return json.dumps({"report": "x" * 20_000, "faults": 0, "seconds": 0.0, "failure": ""}).encode()


def one_queue(size: int) -> None:
    """Send so many submissions through a cluster of this machine, and print the peaks as JSON."""
    from benchmarks.cluster import StandIn as Importable  # not `__main__`: the workers import it by its name
    from grader.batch.cluster.cluster_address import ClusterAddress
    from grader.batch.cluster.cluster_pool import ClusterPool

    course = load_course(ROOT)
    waiting: Any = lambda: None  # noqa: E731 - the local cluster starts at once
    with ClusterPool(ClusterAddress(workers=WORKERS), course, "namespaces", waiting, Importable()) as pool:
        started = time.monotonic()
        ended = sum(1 for group in pool.run(tasks(size)) for one in group if one.report)
        seconds = time.monotonic() - started
        scheduler = high_water_mark(cluster_processes(os.getpid())[0])
    if ended != size:
        raise SystemExit(f"{ended} of {size} submissions came back")
    print(json.dumps({"seconds": seconds, "coordinator": high_water_mark(os.getpid()), "scheduler": scheduler}))


def tasks(size: int) -> Iterator[Task]:
    """Yield tasks for one file under many names."""
    place = ("dropout.py", (RIGHT.name,), "", "")
    sha256 = content_hash({"dropout.py": RIGHT.read_bytes()})
    for number in range(size):
        yield Task(number, f"learner{number}", "03_dropout", sha256, str(RIGHT.parent), (place,), 3)


if __name__ == "__main__":
    main(sys.argv[1:])
