"""The two kinds of isolation."""

from __future__ import annotations

from enum import StrEnum


class Isolation(StrEnum):
    """The separation of a submission from the machine."""

    NAMESPACES = "namespaces"
    PROCESS = "process"
