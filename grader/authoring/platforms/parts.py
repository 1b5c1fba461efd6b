"""The parts that the packages of several platforms have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.compilation import is_current
from grader.authoring.engine_wheel import engine_wheel
from grader.course import Course, Exercise
from grader.grade_error import GradeError
from grader.grading.platform_job import COURSE_FOLDER, JOB_FILE, LATE_FILE, NO_SCORE_FILE, PlatformJob
from grader.report.exports.platforms import PLATFORMS

Files = dict[str, bytes]
SCRIPTS = Path(__file__).parent / "scripts"
UNFINISHED = "It ended before it could write a result. Your instructor can run it again."


class PackageError(GradeError):
    """A package cannot be made of this exercise. The message says why."""


@dataclass(frozen=True)
class PackageRequest:
    """An exercise of a course to pack for a platform, with a late policy if there is one.

    `title` is that of the course. `tell` is called with what is being done.
    """

    course: Course
    title: str
    exercise: Exercise
    platform: str
    late_policy: bytes | None = None
    tell: Callable[[str], None] = lambda text: None


def script(name: str) -> bytes:
    """Return the text of a script."""
    return (SCRIPTS / name).read_bytes()


def wheel() -> Files:
    """Return the engine as a wheel."""
    name, content = engine_wheel()
    return {name: content}


def below(folder: str, files: Files) -> Files:
    """Return files with their names below a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def whole_job(request: PackageRequest) -> Files:
    """Return a job with everything that grading the exercise needs, the solution included. Raises PackageError."""
    exercise = request.exercise
    if not is_current(exercise):
        number = int(exercise.key[:2])
        raise PackageError(
            f"Exercise {number} has changed since it was compiled. First run: grade course compile {number}"
        )
    course = {path.relative_to(exercise.root).as_posix(): data for path, data in exercise.used_files().items()}
    return job_files(request, PlatformJob.with_new_secret(exercise.key), dict(sorted(course.items())))


def job_files(request: PackageRequest, job: PlatformJob, course: Files) -> Files:
    """Return the files of a job with this course."""
    no_score = PLATFORMS[request.platform].no_score(UNFINISHED).encode()
    late = {} if request.late_policy is None else {LATE_FILE: request.late_policy}
    return {JOB_FILE: job.content(), NO_SCORE_FILE: no_score, **late, **below(COURSE_FOLDER, course)}


def for_learners(exercise: Exercise) -> Files:
    """Return the stub and the data that belong to it."""
    return {path.name: path.read_bytes() for path in (exercise.stub, *exercise.data)}


def handed_in(exercise: Exercise) -> str:
    """Return a sentence about the files that learners hand in."""
    module, companions = exercise.rubric.module, exercise.rubric.companions
    files = f"Learners hand in {module}.py or {module}.ipynb"
    if not companions:
        return f"{files}."
    return f"{files}, and with it what it imports of {', '.join(f'{one}.py' for one in companions)}."


def trains(exercise: Exercise) -> bool:
    """Return True if the exercise trains models: then its container needs TensorFlow, memory and time."""
    return exercise.rubric.flavour != "numpy"


def extra_of(exercise: Exercise) -> str:
    """Return the extra of the engine that the exercise needs, in brackets as pip takes it."""
    return f"[{exercise.rubric.flavour}]" if trains(exercise) else ""
