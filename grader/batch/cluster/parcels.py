"""Pack a submission with everything that its report depends on, or a course, as bytes for a Dask worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from grader.batch.journal_rows import Content
from grader.batch.kept_files import KeptFiles, packed_files, places_for_details, places_in_details, unpacked_contents
from grader.batch.kept_tasks import task_for_kept
from grader.batch.task import Task
from grader.course import Course, load_course
from grader.submission.intake.contents import Place
from grader.writing import write_new


@dataclass(frozen=True)
class Request:
    """A submission, and the rest of what its report depends on: the seed, the hash of the exercise and the limits."""

    content: Content
    seconds: float
    files: KeptFiles

    def packed(self) -> bytes:
        """Return the request as bytes."""
        content = self.content
        head = {
            "learner": content.learner, "exercise": content.exercise, "sha256": content.sha256,
            "course_hash": content.course_hash, "seed": content.seed, "isolation": content.isolation,
            "seconds": self.seconds, "places": places_for_details(self.files.places),
        }  # fmt: skip
        return json.dumps(head).encode() + b"\n" + packed_files(self.files.contents)

    def task(self, folder: Path) -> Task:
        """Write the files below a folder, and return the task for a grading worker on this machine."""
        return replace(task_for_kept(0, self.content, self.files, folder), seconds=self.seconds)


def request_of(packed: bytes) -> Request:
    """Return the request that was packed."""
    head, _, files = packed.partition(b"\n")
    fields = json.loads(head)
    seconds, kept = fields.pop("seconds"), KeptFiles(places_in_details(fields), unpacked_contents(files))
    del fields["places"]
    return Request(Content(**fields), seconds, kept)


def request_for(task: Task, contents: Mapping[str, bytes], course_hash: str, isolation: str) -> Request:
    """Return the request for a task whose files have these contents."""
    places = tuple(Place(name, tuple(parts), *rest) for name, parts, *rest in task.places)
    content = Content(task.learner, task.exercise, task.sha256, course_hash, task.seed, isolation)
    return Request(content, task.seconds, KeptFiles(places, contents))


def packed_course(course: Course) -> bytes:
    """Return everything of a course that changes a report. Raises CourseError."""
    files: dict[str, bytes] = {}
    for exercise in course:
        used = exercise.used_files()
        files |= {path.relative_to(course.root).as_posix(): content for path, content in used.items()}
    return packed_files(dict(sorted(files.items())))


def unpacked_course(packed: bytes, folder: Path) -> Course:
    """Write a course into a new folder, and return it. Raises CourseError."""
    for name, content in unpacked_contents(packed).items():
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
            raise ValueError(f"a course with a file {name!r}; expected a path below the course")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, content)
    return load_course(folder)
