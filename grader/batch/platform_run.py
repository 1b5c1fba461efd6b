"""Grade one submission in the container of a platform, and write the results where the platform reads them.

`grade export` writes a script that runs this module:

    python -I -m grader.batch.platform_run PLATFORM JOB SUBMISSION RESULTS [METADATA]

It ends with 0 for all points, 4 for fewer, and 3 if there is no score because the grader broke. The results say so too.
Every other exit code means that nothing was written: Python itself ends with 1 if a module is missing, for example.
"""

from __future__ import annotations

import resource
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from grader import writing
from grader.batch.breach import MEMORY_BYTES
from grader.batch.class_grades import NO_POLICY
from grader.batch.grades import grade_of, late_sentence
from grader.batch.gradescope_metadata import read_metadata
from grader.batch.late import Lateness, LatePolicy, lateness
from grader.batch.roster import Person
from grader.batch.worker_limits import end_reading, limit_memory, reading
from grader.course import Course, Exercise, UnknownExerciseError, load_course
from grader.course.yaml_file import read_yaml
from grader.grade_error import GradeError
from grader.grading import Worker
from grader.grading.platform_job import COURSE_FOLDER, LATE_FILE, read_job
from grader.report import Report
from grader.report.exports import Standing
from grader.report.exports.platform_result import Graded, Platform, Results
from grader.report.exports.platforms import PLATFORMS
from grader.report.json import content_of
from grader.submission import Submission, SubmissionError, read_submission
from grader.submission.submission import ANONYMOUS, content_hash

ALL_POINTS, NOT_ALL_POINTS, NO_SCORE = 0, 4, 3
UNKNOWN_TIME = "The late policy was not applied, because the time of this submission is unknown."


def main(arguments: Sequence[str]) -> int:
    """Grade a submission, write the results and the log, and return the exit code."""
    name, job, submission, results, *metadata = arguments
    platform = PLATFORMS[name]
    try:
        written, code = _graded(platform, Path(job), Path(submission), Path(metadata[0]) if metadata else None)
    except Exception as error:  # whatever breaks here, the learner must not pay for it
        limit_memory(resource.RLIM_INFINITY)
        written, code = _broken(platform, error), NO_SCORE
    with suppress(writing.PermissionsNotKeptError):
        writing.write_whole(Path(results), written.file.encode("utf-8", "backslashreplace"))
    for line in written.log:
        print(line.encode("ascii", "backslashreplace").decode(), flush=True)
    return code


def _graded(platform: Platform, job_folder: Path, source: Path, metadata: Path | None) -> tuple[Results, int]:
    """Return the results of a submission, and the exit code."""
    started = time.monotonic()
    job = read_job(job_folder)
    course = load_course(job_folder / COURSE_FOLDER)
    exercise = course.find(job.exercise)
    with Worker(exercise) as worker:
        limit_memory(MEMORY_BYTES)  # not before the sandbox has started, which would inherit it
        with reading():
            submission, unreadable = _read(source, exercise)
            seed = job.seed_of(exercise, submission.sha256)
            report = worker.grade(submission, seed, unreadable, looked_at=end_reading)
        walls = worker.walls
    if report.grader_faults:
        faults = tuple(f"{fault.check or 'grader'}: {fault.message}" for fault in report.grader_faults)
        return _no_score(platform, "Your instructor can grade it again.", faults), NO_SCORE
    standing, notes = _standing(report, job_folder / LATE_FILE, course, exercise, metadata)
    graded = Graded(content_of(report), standing, walls, time.monotonic() - started, notes)
    score = report.score
    complete = not report.problems and score.earned is not None and score.earned >= score.possible
    results = platform.graded(graded)
    if worker.fallback and not platform.obeys_log:
        results = replace(results, log=(*results.log, f"The reason: {worker.fallback}."))
    return results, ALL_POINTS if complete else NOT_ALL_POINTS


def _read(source: Path, exercise: Exercise) -> tuple[Submission, str]:
    """Return the submission, and why it cannot be read: then it has no files and earns no points."""
    rubric = exercise.rubric
    functions = tuple(rubric.functions)
    try:
        found = read_submission(source, exercise.key, rubric.module, companions=rubric.companions, functions=functions)
    except SubmissionError as error:
        return Submission(ANONYMOUS, exercise.key, (), content_hash({})), str(error)
    return found, ""


def _standing(
    report: Report, policy_file: Path, course: Course, exercise: Exercise, metadata: Path | None
) -> tuple[Standing, tuple[str, ...]]:
    """Return the points that count, and sentences about them for the learner."""
    policy, late, notes = NO_POLICY, Lateness(0, 0.0), tuple[str, ...]()
    if policy_file.is_file():
        policy = _policy_for(policy_file, course)
        times = read_metadata(metadata) if metadata is not None else None
        if times is not None:
            person = Person(ANONYMOUS, due=times.due)
            details = {"submitted": times.created_at.isoformat()}
            late = lateness(policy, person, ANONYMOUS, details, exercise.key, report.score.possible)
        elif policy.costs:
            notes = (UNKNOWN_TIME,)
    grade = grade_of(content_of(report), late, policy)
    return Standing(grade.final, late_sentence(grade)), notes


def _policy_for(path: Path, course: Course) -> LatePolicy:
    """Read the late policy of a job. Its deadlines may be about exercises that are not in the job."""
    policy = read_yaml(path, LatePolicy, "a late policy")
    due = {}
    for name, instant in policy.due.items():
        with suppress(UnknownExerciseError):
            due[course.find(name).key] = instant
    return policy.model_copy(update={"due": due})


def _broken(platform: Platform, error: Exception) -> Results:
    """Return the results if the grader broke: without a score."""
    why = f"{type(error).heading}{error}".rstrip(".") if isinstance(error, GradeError) else type(error).__name__
    return _no_score(platform, f"{why}.", traceback.format_exception(error))


def _no_score(platform: Platform, why: str, details: Sequence[str]) -> Results:
    """Return results without a score. `details` may repeat a learner's text, so they are in no log that is obeyed."""
    log = () if platform.obeys_log else (why, *details)
    return Results(platform.no_score(why), ("No score: the grader broke.", *log))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
