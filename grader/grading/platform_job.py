"""The job of a grader in a container: the exercise, and how the seed of a submission is made.

A job is a folder that `grade export` writes:

    job.json       the exercise and the secret
    course/        the files of the exercise, or a kit
    late.yaml      the late policy, if there is one
    no_score       the results if the grader ends before it can write any
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course import CourseError, Exercise, Fault

JOB_FILE, COURSE_FOLDER, LATE_FILE, NO_SCORE_FILE = "job.json", "course", "late.yaml", "no_score"
SEEDS = 10**8


class PlatformJob(BaseModel):
    """The file `job.json`. Without a secret, the seed is that of the kit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    exercise: str
    secret: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    @classmethod
    def with_new_secret(cls, exercise: str) -> Self:
        """Return a job whose seeds nobody can compute who cannot read it."""
        return cls(exercise=exercise, secret=secrets.token_hex(32))

    def seed_of(self, exercise: Exercise, sha256: str) -> int:
        """Return the seed for a submission with this hash.

        The same files get the same seed each time. Other files get another one, so that what a learner reads about one
        attempt says nothing about the inputs of the next.
        """
        if self.secret is None:
            return exercise.practice_seed
        digest = hmac.digest(bytes.fromhex(self.secret), f"seed {self.exercise} {sha256}".encode(), hashlib.sha256)
        return int.from_bytes(digest[:8]) % SEEDS

    def content(self) -> bytes:
        """Return the content of the file."""
        return f"{self.model_dump_json(indent=1)}\n".encode()


def read_job(folder: Path) -> PlatformJob:
    """Read the job in a folder. Raises CourseError."""
    path = folder / JOB_FILE
    try:
        return PlatformJob.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except ValidationError:
        raise CourseError([Fault(path, 1, "is not the job of this version of grade; export it again")]) from None
