"""One submission through all rooms, again and again: the way to one report."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.grading.worker import Worker

__all__ = ["Worker"]


def __getattr__(name: str) -> Any:
    """Return `Worker`, imported when it is first used: whoever only needs a name of this room waits for no NumPy."""
    if name != "Worker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.grading.worker import Worker

    return Worker
