"""A question for PrairieLearn with an external grader, and the image that its container starts from."""

from __future__ import annotations

import html
import json
import uuid

from grader import __version__
from grader.authoring.platforms.parts import (
    Files,
    PackageRequest,
    below,
    extra_of,
    for_learners,
    script,
    wheel,
    whole_job,
)
from grader.course import Exercise
from grader.sandbox.flavours import FLAVOURS

SUFFIXES = (".zip",)
RUN = "tests/run_autograder"
PROGRAMS = (RUN,)
LATE = False
IMAGE = f"cnn-grader:{__version__}"
TIMES = 4  # a submission may take so many times its own limit, as in a batch
MOST_SECONDS = 600  # of PrairieLearn


def package_files(request: PackageRequest) -> Files:
    """Return the files of the archive. Raises PackageError and CourseError."""
    exercise = request.exercise
    question = {
        "info.json": _info(request),
        "question.html": _question(exercise),
        RUN: script("prairielearn_run_autograder"),
        **below("tests/job", whole_job(request)),
        **below("clientFilesQuestion", for_learners(exercise)),
    }
    image = {
        "Dockerfile": script("prairielearn.Dockerfile"),
        "install.sh": script("install.sh"),
        "extra": extra_of(exercise).encode(),
        **wheel(),
    }
    return {**below(f"questions/{exercise.key}", question), **below("image", image)}


def next_steps(request: PackageRequest) -> list[str]:
    """Return what the instructor does with the archive."""
    return [
        f"Build the image and push it where PrairieLearn finds it: docker build -t {IMAGE} image",
        f"Write its name into questions/{request.exercise.key}/info.json, and copy this folder into your course.",
        "The folder contains the solution in tests/, which PrairieLearn shows to no learner.",
    ]


def _info(request: PackageRequest) -> bytes:
    exercise = request.exercise
    info = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"cnn-grader/{exercise.key}")),  # the same in each export
        "title": exercise.rubric.title,
        "topic": request.title,
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "entrypoint": f"/grade/{RUN}",
            "timeout": int(min(MOST_SECONDS, TIMES * FLAVOURS[exercise.rubric.flavour].limits.submission_seconds)),
        },
    }
    return f"{json.dumps(info, indent=2, ensure_ascii=False)}\n".encode()


def _question(exercise: Exercise) -> bytes:
    file, companions = f"{exercise.rubric.module}.py", exercise.rubric.companions
    also = f' optional-file-names="{",".join(f"{one}.py" for one in companions)}"' if companions else ""
    downloads = "".join(
        f'\n  <pl-file-download file-name="{name}"></pl-file-download>' for name in for_learners(exercise)
    )
    title = html.escape(exercise.rubric.title)
    return f"""<pl-question-panel>
  <p>{title}: write the functions in <code>{file}</code>, and hand in the file.</p>{downloads}
  <pl-file-upload file-names="{file}"{also}></pl-file-upload>
</pl-question-panel>

<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
  <pl-file-preview></pl-file-preview>
</pl-submission-panel>
""".encode()
