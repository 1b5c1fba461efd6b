"""An autograder for Gradescope: `setup.sh`, `run_autograder`, the engine and a job."""

from __future__ import annotations

from grader.authoring.platforms.parts import (
    Files,
    PackageRequest,
    below,
    extra_of,
    handed_in,
    script,
    trains,
    wheel,
    whole_job,
)

SUFFIXES = (".zip",)
PROGRAMS = ("setup.sh", "run_autograder")
LATE = True
"""True: this platform says when a submission was made, so a late policy can be applied there."""


def package_files(request: PackageRequest) -> Files:
    """Return the files of the archive. Raises PackageError and CourseError."""
    return {
        "setup.sh": script("gradescope_setup.sh"),
        "run_autograder": script("gradescope_run_autograder"),
        "install.sh": script("install.sh"),
        "extra": extra_of(request.exercise).encode(),
        **wheel(),
        **below("job", whole_job(request)),
    }


def next_steps(request: PackageRequest) -> list[str]:
    """Return what the instructor does with the archive."""
    training = ["It trains models: choose the largest container and the longest timeout."]
    return [
        "Upload it to a programming assignment: Configure Autograder, Zip file upload, Ubuntu 22.04 or later.",
        *(training if trains(request.exercise) else ()),
        handed_in(request.exercise),
        "The archive contains the solution and the hidden tests: keep it to yourself.",
    ]
