"""Open the cluster that `--cluster` names. Dask is imported here, and only here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.batch.cluster.cluster_address import parsed_address
from grader.batch.cluster.cluster_error import ClusterError
from grader.course import Course

if TYPE_CHECKING:
    from grader.batch.cluster.cluster_pool import ClusterPool

_EXTRA = ("dask", "distributed", "tornado", "cryptography")


def open_cluster(text: str, course: Course, isolation: str, on_wait: Callable[[], None]) -> ClusterPool:
    """Return the pool for a value of `--cluster`. Call `on_wait` if there is no worker yet. Raises ClusterError."""
    address = parsed_address(text)
    try:
        from grader.batch.cluster.cluster_pool import ClusterPool

        return ClusterPool(address, course, isolation, on_wait)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ClusterError(
            f"Dask is not installed ({error.name} is missing). Install it: pip install 'cnn-grader[cluster]'"
        ) from None
