"""One submission through all rooms, again and again. Knows nothing of formats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.batch.worker import Worker

__all__ = ["Worker"]


def __getattr__(name: str) -> Any:
    """`Worker`, looked up when first used: the coordinator of a batch is in this room too, and imports no NumPy."""
    if name != "Worker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.batch.worker import Worker

    return Worker
