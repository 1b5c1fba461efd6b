"""Gradescope's `submission_metadata.json`: when a submission was made, and when it was due."""

from __future__ import annotations

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

BYTES_LIMIT = 32 * 1024 * 1024  # it repeats the results of all previous submissions


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Assignment(_Part):
    due_date: AwareDatetime | None = None


class _User(_Part):
    assignment: _Assignment | None = None


class GradescopeMetadata(_Part):
    """The part of the file that lateness depends on. A user with an extension has an assignment of their own."""

    created_at: AwareDatetime
    assignment: _Assignment = Field(default_factory=_Assignment)
    users: tuple[_User, ...] = ()

    @property
    def due(self) -> AwareDatetime | None:
        """Return when the submission was due: for a group, the latest date of a member."""
        own = [user.assignment.due_date for user in self.users if user.assignment and user.assignment.due_date]
        return max(own, default=self.assignment.due_date)


def read_metadata(path: Path) -> GradescopeMetadata | None:
    """Read the file; return None if it is missing or has no time."""
    try:
        with path.open("rb") as file:
            return GradescopeMetadata.model_validate_json(file.read(BYTES_LIMIT))
    except (OSError, ValidationError):
        return None
