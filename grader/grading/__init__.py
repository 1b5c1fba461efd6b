"""Grade one submission: take it through all rooms, to one report. `grade exercise` and a batch both use this."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.grading.worker import Worker

__all__ = ["Worker"]


def __getattr__(name: str) -> Any:
    """Import `Worker` when it is first used, because it takes NumPy with it."""
    if name != "Worker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.grading.worker import Worker

    return Worker
