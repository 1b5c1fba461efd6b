"""One submission through all rooms, again and again. Knows nothing of formats."""

from grader.batch.worker import Worker

__all__ = ["Worker"]
