"""The value of `--cluster`: the address of a scheduler, or the number of workers to start on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from grader.batch.cluster.cluster_error import ClusterError

_LOCAL = re.compile(r"local:([1-9][0-9]{0,3})")
_SCHEDULER = re.compile(r"(?:(tcp|tls)://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")


@dataclass(frozen=True)
class ClusterAddress:
    """A scheduler at `scheduler`, or a cluster of `workers` processes on this machine if that is empty."""

    scheduler: str = ""
    workers: int = 0

    @property
    def is_exposed(self) -> bool:
        """Return True if everybody on the network can read submissions and send programs to the workers.

        >>> [parsed_address(text).is_exposed for text in ("local:4", "tls://10.0.0.1:8786", "localhost:8786")]
        [False, False, False]
        >>> parsed_address("10.0.0.1:8786").is_exposed
        True
        """
        if not self.scheduler or self.scheduler.startswith("tls://"):
            return False
        host = self.scheduler.partition("://")[2].rpartition(":")[0].strip("[]")
        try:
            return not ip_address(host).is_loopback
        except ValueError:
            return host != "localhost"


def parsed_address(text: str) -> ClusterAddress:
    """Return the address that a user typed. Raises ClusterError.

    >>> parsed_address("local:4")
    ClusterAddress(scheduler='', workers=4)
    >>> parsed_address("scheduler.example.org:8786").scheduler
    'tcp://scheduler.example.org:8786'
    """
    if local := _LOCAL.fullmatch(text):
        return ClusterAddress(workers=int(local[1]))
    found = _SCHEDULER.fullmatch(text)
    if found is None or text.startswith("local:") or int(found[3]) > 65535:
        raise ClusterError(
            f'--cluster is "{text}"; expected the address of a Dask scheduler, for example tls://10.0.0.1:8786, or '
            "local:4 for four worker processes on this machine."
        )
    return ClusterAddress(f"{found[1] or 'tcp'}://{found[2]}:{found[3]}")
