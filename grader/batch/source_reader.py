"""A worker process that reads programs for a comparison and computes their fingerprints. It runs none of them.

It has the limits of a worker that grades: a file that breaks its reader ends this process, and another one replaces it.
"""

from __future__ import annotations

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.batch.answering import serve
from grader.batch.breach import MEMORY_BYTES
from grader.batch.fingerprint import program_tokens, runs_of, winnowed
from grader.batch.worker_limits import limit_memory, reading
from grader.course import Course, load_course
from grader.submission import SubmissionError
from grader.submission.intake.contents import Place, contents_of, submission_of, tree_of

MOST_CHARACTERS = 128 * 1024  # of a program; the longest reference has 18,000


class SourceReader:
    """Reads the program of each task."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._tree = lru_cache(maxsize=1)(tree_of)
        limit_memory(MEMORY_BYTES)

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the text of a program and its fingerprint as JSON in place of a report, or why there is none."""
        started = time.perf_counter()
        found: dict[str, Any] = {"text": "", "prints": [], "why": ""}
        if task["unreadable"]:
            found["why"] = "reading it took too much time or memory"
        else:
            try:
                with reading():
                    found |= self._read(task)
            except SubmissionError as error:
                found["why"] = str(error)
        seconds = time.perf_counter() - started
        return {"report": json.dumps(found), "faults": 0, "seconds": seconds, "failure": ""}

    def _read(self, task: dict[str, Any]) -> dict[str, Any]:
        functions = tuple(self._course.find(task["exercise"]).rubric.functions)
        places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task["places"]]
        contents = contents_of(self._tree(Path(task["source"])), places)
        submission = submission_of(task["learner"], task["exercise"], places, contents, functions)
        text = "\n".join(file.text for file in submission.files)[:MOST_CHARACTERS]
        return {"text": text, "prints": sorted(winnowed(runs_of(program_tokens(text, functions))))}


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Read the programs of the tasks that come in on an inherited socket. `isolation` is for workers that run them."""
    serve(descriptor, lambda: SourceReader(load_course(Path(course_root))))
