"""The place of a learner in something that is read in order: what is finished, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from grader.study.learning_record import LearningRecord

AGAIN = "again from the beginning"


def left_of(record: LearningRecord, kind: str, names: Sequence[str]) -> list[str]:
    """Return the names that are left: an event of this kind finishes one."""
    finished: set[str] = set()
    for event in record.events(kind):
        finished = finished - {event.card_key} if event.detail == AGAIN else finished | {event.card_key}
    return [name for name in names if name not in finished]


def begin_again(record: LearningRecord, kind: str, names: Sequence[str]) -> None:
    """Make all of these names unfinished. Other names keep their places."""
    record.add_events([(kind, name, AGAIN) for name in names])
