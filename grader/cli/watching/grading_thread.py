"""Grade the newest content of a file, with a worker that stays warm."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.own_file import read_own
from grader.cli.report_page import graded_source
from grader.cli.watching.happening import Broke, Checking, Graded, Happening, Looked, Unreadable
from grader.sandbox import InterruptedRunError, Interruption

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.grading import Worker
    from grader.grading.worker import Look
    from grader.sandbox import Isolation
    from grader.submission import Submission

PATIENCE_SECONDS = 2.0
WARM_FLAVOUR = "numpy"  # a Keras program explains its failures without further calls


class GradingThread(threading.Thread):
    """Grades the file once for each request, and reports. A request interrupts the run before it."""

    def __init__(
        self, exercise: Exercise, file: Path, isolation: Isolation | None, report: Callable[[Happening], None]
    ) -> None:
        super().__init__(name="grading", daemon=True)
        self._exercise = exercise
        self._file = file
        self._isolation = isolation
        self._report = report
        self._interruption = Interruption()
        self._changed = threading.Condition()
        self._is_ready = False
        self._wanted = True  # the first run needs no request
        self._requested = self._run = 0
        self._look_wanted = False
        self._looked_at: Callable[[], Looked] = Looked
        self._closed = False

    def request(self) -> int:
        """Grade the file again. Return the number of the request, which its events carry."""
        with self._changed:
            self._wanted = True
            self._requested += 1
            if self._is_ready:  # the start of the worker is not repeated
                self._interruption.set()
            self._changed.notify()
            return self._requested

    def look(self) -> None:
        """Report what can be seen of the program: of the newest content, so after its verdict."""
        with self._changed:
            self._look_wanted = True
            self._changed.notify()

    def close(self) -> None:
        """Interrupt the run and end the sandbox. Does not wait long: a sandbox that is still starting ends with us."""
        with self._changed:
            self._closed = True
            self._interruption.set()
            self._changed.notify()
        self.join(PATIENCE_SECONDS)
        if not self.is_alive():
            self._interruption.close()

    def run(self) -> None:
        """Grade until `close`."""
        from grader.grading import Worker

        try:
            spare = (os.cpu_count() or 1) > 1
            with Worker(self._exercise, self._isolation, side_by_side=spare, interruption=self._interruption) as worker:
                with self._changed:
                    self._is_ready = True
                is_warm = self._exercise.rubric.flavour != WARM_FLAVOUR
                while self._waited(wait=is_warm):
                    if self._take():
                        self._grade(worker)
                    elif self._look_wanted:
                        self._look()
                    else:
                        is_warm = self._warm(worker)
        except InterruptedRunError:
            return
        except Exception as error:
            self._report(Broke(error))

    def _waited(self, *, wait: bool) -> bool:
        """Wait for a request. Return False when the thread must end. Without `wait`, return at once."""
        with self._changed:
            while wait and not self._wanted and not self._look_wanted and not self._closed:
                self._changed.wait()
            return not self._closed

    def _take(self) -> bool:
        """Return True if there was a request. From now on, only a newer one interrupts."""
        with self._changed:
            taken, self._wanted, self._run = self._wanted, False, self._requested
            if not self._closed:
                self._interruption.clear()
            return taken

    def _grade(self, worker: Worker) -> None:
        from grader.report import with_timings
        from grader.submission import SubmissionError

        started = time.perf_counter()
        self._looked_at = Looked
        looks: list[Look] = []
        try:
            submission = read_own(self._exercise, self._file)
            graded = worker.grade(submission, self._exercise.practice_seed, tell=self._tell, show=looks.append)
            report = with_timings(graded, None)
        except SubmissionError as error:
            self._report(Unreadable(self._run, str(error)))
        except InterruptedRunError:
            return
        else:
            self._report(Graded(self._run, report, time.perf_counter() - started, worker.fallback))
            sources = graded_source(self._exercise, submission)
            self._looked_at = lambda: Looked(report, sources, looks[0]())

    def _look(self) -> None:
        """Look at the program that was graded last. A save interrupts this, and the look comes after its verdict."""
        try:
            looked = self._looked_at()
        except InterruptedRunError:
            return
        self._look_wanted = False
        self._report(looked)

    def _tell(self, check: str, epoch: str) -> None:
        self._interruption.check()
        self._report(Checking(self._run, check, epoch))

    def _warm(self, worker: Worker) -> bool:
        """Explain the failures of a wrong program, so that the learner's are explained at once. Return True if done."""
        try:
            wrong, seed = _wrong_everywhere(self._exercise), self._exercise.practice_seed
            worker.grade(wrong, seed, tell=lambda check, epoch: self._interruption.check())
        except InterruptedRunError:
            return False
        return True


def _wrong_everywhere(exercise: Exercise) -> Submission:
    from grader.submission import SourceFile, Submission

    rubric = exercise.rubric
    text = "".join(f"def {name}(*args, **kwargs):\n    return 0.5\n" for name in rubric.functions)
    return Submission("warm", exercise.key, (SourceFile(f"{rubric.module}.py", text),), "0" * 64)
