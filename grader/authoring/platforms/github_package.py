"""The files of a template repository for GitHub: a workflow, an action with a practice kit, and the stub.

A learner owns the repository and can read and change everything in it. So it has a kit and no solution, and its points
prove nothing.
"""

from __future__ import annotations

from grader.authoring.kit_files import kit_files
from grader.authoring.platforms.parts import (
    Files,
    PackageError,
    PackageRequest,
    below,
    for_learners,
    job_files,
    script,
    trains,
)
from grader.grading.platform_job import PlatformJob

SUFFIXES = (".zip",)
ACTION = ".github/actions/grade"
PROGRAMS = (f"{ACTION}/install.sh", f"{ACTION}/run.sh")
LATE = False


def package_files(request: PackageRequest) -> Files:
    """Return the files of the archive. Raises PackageError, ReleaseError and CourseError."""
    exercise = request.exercise
    if trains(exercise):
        raise PackageError(
            f"Exercise {int(exercise.key[:2])} trains models, so its answers cannot be recorded, and without recorded "
            "answers the repository of each learner would contain the solution. Use gradescope or prairielearn."
        )
    kit = kit_files(request.course, [exercise], exercise.practice_seed, request.tell)
    action = {
        "action.yml": script("github_action.yml"),
        "install.sh": script("install.sh"),
        "run.sh": script("github_run.sh"),
        **below("job", job_files(request, PlatformJob(exercise=exercise.key), dict(sorted(kit.items())))),
    }
    return {
        ".github/workflows/classroom.yml": script("github_classroom.yml"),
        **below(ACTION, action),
        **for_learners(exercise),
    }


def next_steps(request: PackageRequest) -> list[str]:
    """Return what the instructor does with the archive."""
    return [
        "Unpack it into a template repository, and commit all files, also those in .github.",
        f"Learners edit {request.exercise.rubric.module}.py and push. The summary of the job is the report.",
        "There is no solution in it. A learner can change the workflow, so its points prove nothing: to grade the "
        "class, download the repositories and use grade batch.",
    ]
