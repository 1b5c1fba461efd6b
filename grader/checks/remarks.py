"""Remarks: what a learner should know about an answer that was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listening: ContextVar[list[str] | None] = ContextVar("remarks", default=None)


@contextmanager
def collected_remarks() -> Iterator[list[str]]:
    """Collect the remarks made inside the block, once each, in order."""
    remarks: list[str] = []
    token = _listening.set(remarks)
    try:
        yield remarks
    finally:
        _listening.reset(token)


def remark(text: str) -> None:
    """Tell the learner something that costs no points. Outside a check the remark is dropped."""
    remarks = _listening.get()
    if remarks is not None and text not in remarks:
        remarks.append(text)
