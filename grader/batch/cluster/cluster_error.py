"""The error of a cluster that cannot grade."""

from __future__ import annotations

from grader.grade_error import GradeError

RESUMABLE = "Every recorded report is safe. Run the same command to continue."


class ClusterError(GradeError):
    """The cluster cannot be used. The message says what was seen and what to do."""

    heading = "The cluster cannot grade: "
