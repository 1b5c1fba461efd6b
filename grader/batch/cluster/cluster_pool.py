"""Grade on a Dask cluster behind the same interface as `WorkerPool`: tasks go in, finished tasks come out."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Self

from distributed import WorkerPlugin
from pydantic import Field

from grader.batch.breach import STUCK_TIMES
from grader.batch.cluster.cluster_address import ClusterAddress
from grader.batch.cluster.cluster_error import RESUMABLE, ClusterError
from grader.batch.cluster.connection_to_dask import Answer, DaskConnection, Key, other_software
from grader.batch.cluster.grading_plugin import GradingPlugin
from grader.batch.cluster.parcels import packed_course, request_for
from grader.batch.cluster.software import software_here
from grader.batch.kept_files import packed_contents
from grader.batch.pool import STARTUP_SECONDS, WorkerError
from grader.batch.task import Finished, Reply, Task, changed_while_graded
from grader.course import Course
from grader.course.root import builtin_course_root
from grader.sandbox import Refusal
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import Place, contents_of, tree_of
from grader.submission.submission import content_hash
from grader.text import counted

IN_FLIGHT = 256  # submissions between here and the workers
IN_FLIGHT_BYTES = 64 * 1024 * 1024
GROUP = 16  # sent at once; Dask remembers each sending in its scheduler
MOST_TRIES = 3  # after that, the submission has no report, and the fault is ours
LOST_SECONDS = 60.0  # without a single worker, before we give up
_LOOK_SECONDS = 1.0
_TRIES_ON_A_WORKER = 3  # the most that `Retries` allows


class ClusterReply(Reply):
    """The answer of a Dask worker: the reply of its grading worker, or why there is none, and its own address."""

    worker: str = ""
    replaced: int = Field(default=0, ge=0)
    lost: str = ""
    unusable: str = ""
    refusal: str | None = None
    different: str = ""


@dataclass(frozen=True)
class _Sent:
    """A task on its way, with the hash of its files; the size of its request; how often it was tried before.

    `files` are those that the journal does not have.
    """

    task: Task
    size: int
    tries: int
    files: bytes = b""

    def end(self, end: Finished) -> Finished:
        """Return the end of the task with what is known here about its files."""
        return replace(end, sha256=self.task.sha256, files=self.files)


class ClusterPool:
    """The workers of a cluster, for one course. Raises ClusterError.

    `plugin` takes the place of the one that grades.
    """

    def __init__(
        self,
        address: ClusterAddress,
        course: Course,
        isolation: str,
        on_wait: Callable[[], None],
        plugin: WorkerPlugin | None = None,
    ) -> None:
        self.replaced = 0
        self._isolation = isolation
        self._course = course
        self._hashes: dict[str, str] = {}
        self._tree = lru_cache(maxsize=1)(tree_of)
        self._sent: dict[Key, _Sent] = {}
        self._bytes = 0
        self._last_answer = self._last_worker = time.monotonic()
        from grader.sandbox.inside.confinement import hide_memory  # not on every system that `grade` runs on

        hide_memory()  # for the same reason as in `WorkerPool`
        self._dask = DaskConnection(address, isolation, on_wait)
        try:
            software = software_here()
            is_builtin = course.root == builtin_course_root().resolve()
            sent_course = b"" if is_builtin else packed_course(course)
            plugin = plugin or GradingPlugin(software, isolation, sent_course)
            self._dask.install(plugin, f"cnn-grader-{secrets.token_hex(4)}", software)
            self.size = sum(self._dask.threads().values())
        except BaseException:  # also Ctrl-C
            self.close()
            raise

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Finished]]:
        """Grade the tasks. Yield lists of finished tasks, in the order in which they finish.

        If nothing finishes for a second, yield an empty list. Raises ClusterError and WorkerError.
        """
        self.replaced = 0
        self._last_answer = self._last_worker = time.monotonic()
        is_empty = False
        while True:
            unsent: list[Finished] = []
            while not is_empty and len(self._sent) < IN_FLIGHT and self._bytes < IN_FLIGHT_BYTES:
                group = list(islice(tasks, min(GROUP, IN_FLIGHT - len(self._sent))))
                is_empty = not group
                unsent += self._send(group)
            if unsent:
                yield unsent
            if is_empty and not self._sent:
                return
            yield self._wait()

    def close(self) -> None:
        """Cancel what is not graded, and leave the cluster as it was."""
        self._sent.clear()
        self._dask.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, group: Sequence[Task], tries: int = 0, but: Set[str] = frozenset()) -> list[Finished]:
        """Send tasks to the workers. Return the ends of those that are not sent. `but` are workers to avoid."""
        unsent: list[Finished] = []
        requests: list[tuple[_Sent, bytes]] = []
        for task in group:
            request = self._request(task, tries)
            if isinstance(request, Finished):
                unsent.append(request)
            else:
                requests.append(request)
        others = sorted(self._dask.threads().keys() - but) if but else []
        keys = self._dask.submit([packed for _, packed in requests], others) if requests else []
        for key, (sent, _) in zip(keys, requests, strict=True):
            self._sent[key] = sent
            self._bytes += sent.size
        return unsent

    def _request(self, task: Task, tries: int) -> tuple[_Sent, bytes] | Finished:
        """Return the request for a task; the end of the task if its files cannot be read or need no grading.

        The workers do not have the folder, so this process reads and hashes the files.
        """
        places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task.places]
        try:
            contents = contents_of(self._tree(Path(task.source)), places)
        except IntakeError as error:
            if task.sha256:
                return Finished(task, changed=changed_while_graded(str(error)), sha256=task.sha256)
            return Finished(task, unread=str(error))
        sha256 = content_hash(contents)
        if task.sha256 not in ("", sha256):
            return Finished(task, changed=changed_while_graded(), sha256=task.sha256)
        is_wanted = not (task.only_hash or sha256 in task.kept)
        files = (packed_contents(contents) or b"") if is_wanted else b""
        if task.only_hash or sha256 in task.known:
            return Finished(task, sha256=sha256, files=files, is_known=True)
        if task.exercise not in self._hashes:
            self._hashes[task.exercise] = self._course.find(task.exercise).content_hash()
        task = replace(task, sha256=sha256)
        packed = request_for(task, contents, self._hashes[task.exercise], self._isolation).packed()
        return _Sent(task, len(packed) + len(files), tries, files), packed

    def _wait(self) -> list[Finished]:
        answers = self._dask.answers(_LOOK_SECONDS)
        if not answers:
            return self._look_at_workers()
        self._last_answer = self._last_worker = time.monotonic()
        finished: list[Finished] = []
        for answer in answers:
            if sent := self._taken(answer.key):
                finished += self._end_of(sent, answer)
        return finished

    def _taken(self, key: Key) -> _Sent | None:
        sent = self._sent.pop(key, None)
        self._dask.forget(key)
        if sent is not None:
            self._bytes -= sent.size
        return sent

    def _end_of(self, sent: _Sent, answer: Answer) -> list[Finished]:
        """Return the end of a task, or send it again. Raises ClusterError and WorkerError for an unusable worker."""
        if answer.reply is None:
            return self._lost(sent, answer.why, set(), is_final=answer.is_final)
        try:
            reply = ClusterReply.model_validate(json.loads(answer.reply))  # as in `WorkerPool`
        except (ValueError, RecursionError):
            return self._lost(sent, "a worker sent a reply that cannot be read", set())
        self.replaced += reply.replaced
        if reply.different:
            raise other_software(reply.worker, reply.different)
        if reply.unusable:
            refusal = Refusal(reply.refusal) if reply.refusal in set(Refusal) else None
            message = f"the Dask worker {reply.worker}: {reply.unusable.rstrip('.')}"
            raise WorkerError(message, refusal, self._isolation)
        if reply.lost:
            return self._lost(sent, reply.lost, {reply.worker})
        return [sent.end(reply.finished(sent.task))]

    def _lost(self, sent: _Sent, why: str, but: set[str], is_final: bool = False) -> list[Finished]:
        """Send a task again, to other workers if there are any; after some tries, say that the fault is ours."""
        self.replaced += 1
        if is_final or sent.tries + 1 >= MOST_TRIES:
            failure = f"the cluster lost it {counted(sent.tries + 1, 'time')}: {why}"
            return [sent.end(Finished(sent.task, "", 1, 0.0, failure))]
        return self._send([sent.task], sent.tries + 1, but)

    def _look_at_workers(self) -> list[Finished]:
        """Give up without workers. Take requests back from workers that have them for too long."""
        now = time.monotonic()
        if self._dask.threads():
            self._last_worker = now
        elif not self._dask.can_get_workers or now - self._last_worker > LOST_SECONDS:
            waiting = counted(len(self._sent), "submission")
            raise ClusterError(f"all its workers are gone, and {waiting} not graded. {RESUMABLE}")
        longest = max((_most_seconds(sent.task) for sent in self._sent.values()), default=0.0)
        if not self._sent or now - self._last_answer <= longest:
            return []
        self._last_answer = now
        keys = list(self._sent)
        stuck = self._dask.workers_of(keys)
        why = f"no worker has answered for {longest:g} seconds"
        return [end for key in keys if (sent := self._taken(key)) for end in self._lost(sent, why, stuck)]


def _most_seconds(task: Task) -> float:
    """Return the time after which a worker must have answered: it replaces its own grading workers before."""
    return _TRIES_ON_A_WORKER * (STARTUP_SECONDS + STUCK_TIMES * task.seconds) + STARTUP_SECONDS
