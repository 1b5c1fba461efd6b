"""Decide whether a submission is tried again after a failure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from grader.batch.breach import Breach, verdict
from grader.batch.task import Task


class Retries:
    """The retry policy of one run. Each retry takes place in a fresh worker.

    - A fault of the grader, or a worker that another process ended, is tried once more.
    - A submission that broke a worker is tried once more. If it breaks the second worker too, a third worker writes
      its report without reading it, after it has graded the reference. If that breaks as well, the grader is at fault.
    """

    def __init__(self) -> None:
        self._retried: set[int] = set()
        self._breaches: Counter[int] = Counter()

    def next_try(self, task: Task, breach: Breach | None = None) -> Task | None:
        """Return the task for a fresh worker, or None to give up. `breach` says how the submission broke a worker."""
        if breach is not None and not task.unreadable:
            self._breaches[task.number] += 1
            charged = verdict(breach, task.seconds) if self._breaches[task.number] > 1 else ""
            return replace(task, unreadable=charged)
        if breach is not None or task.number in self._retried:
            return None
        self._retried.add(task.number)
        return task
