"""The attempts at exercises, and their effect on study: a failure brings cards forward.

Such a card is due at once. Its memory state does not change. It goes back when the exercise earns all points. Every
attempt is kept: a later one with fewer points takes nothing away from the best.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.study.cards import read_decks
from grader.study.clock import milliseconds_now
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import Event

HOUR_MS = 3_600_000  # a misconception that shows at every attempt to correct a file counts once


@dataclass(frozen=True)
class Attempt:
    """One grading of an exercise, and its time in milliseconds.

    `words` are the verdicts of its criteria, by id; older records have none.
    """

    earned: float
    possible: float
    words: Mapping[str, str] = field(default_factory=dict)
    ts_ms: int = 0

    @property
    def passed(self) -> bool:
        """Return True for all points."""
        return self.earned >= self.possible


@dataclass(frozen=True)
class Attempts:
    """The attempts at one exercise: the best one, and the last one."""

    best: Attempt
    last: Attempt


def keep_grading(
    state: Path,
    root: Path,
    exercise: str,
    earned: float,
    possible: float,
    failed: Mapping[str, str],
    named: Collection[str],
    words: Mapping[str, str] | None = None,
) -> int:
    """Save a score, and bring forward the cards of failed checks and diagnosed misconceptions. Return how many.

    `failed` are titles of checks by name, `named` ids of misconceptions. The learner reads the title only: the id of a
    misconception would give the answer of the card away. `words` are the verdicts of the criteria, by id.
    """
    at_ms = milliseconds_now()
    back = _cards_back(root, exercise, failed, named) if earned < possible else {}
    score = {"earned": earned, "possible": possible, "failed": dict(failed), "criteria": dict(words or {})}
    with LearningRecord(state) as record:
        waiting = _waiting(record)
        counted = {(one.card_key, one.detail) for one in record.events("misconception") if at_ms - one.ts_ms < HOUR_MS}
        record.add_events(
            [
                ("graded", exercise, json.dumps(score)),
                *(("misconception", exercise, name) for name in named if (exercise, name) not in counted),
                *(("forward", key, because) for key, because in back.items() if waiting.get(key) != because),
            ],
            at_ms,
        )
    return len(back)


def attempts_at(record: LearningRecord) -> dict[str, Attempts]:
    """Return the best and the last attempt at each exercise that was graded."""
    found: dict[str, Attempts] = {}
    for event in record.events("graded"):
        score = json.loads(event.detail)
        attempt = Attempt(score["earned"], score["possible"], _words_in(score), event.ts_ms)
        before = found.get(event.card_key)
        better = before is None or _share(attempt) >= _share(before.best)
        found[event.card_key] = Attempts(attempt if better or before is None else before.best, attempt)
    return found


def _words_in(score: Mapping[str, object]) -> dict[str, str]:
    """Return the verdicts in the record of an attempt; other programs may have written anything there."""
    words = score.get("criteria")
    return {str(name): str(word) for name, word in words.items()} if isinstance(words, dict) else {}


def _share(attempt: Attempt) -> float:
    return attempt.earned / attempt.possible if attempt.possible else 1.0


def forwards_of(record: LearningRecord) -> list[Event]:
    """Return the events that brought cards forward, without those of exercises that earned all points since.

    An exercise and the cards that it brings forward are written at once, with the same time.
    """
    exercise_at = {(one.ts_ms, one.device): one.card_key for one in record.events_as_written("graded")}
    exercises = {one.id: exercise_at.get((one.ts_ms, one.device), "") for one in record.events_as_written("forward")}
    passed_ms = {one.card_key: one.ts_ms for one in record.events("graded") if _has_all_points(one)}
    return [one for one in record.events("forward") if one.ts_ms > passed_ms.get(exercises[one.id], -1)]


def _has_all_points(grading: Event) -> bool:
    score = json.loads(grading.detail)
    return bool(score["earned"] >= score["possible"])


def why_back(exercise: str, title: str) -> str:
    """Return why a card or question comes first."""
    return f'you missed this in exercise {int(exercise[:2])}: "{title}"'


def last_failures(record: LearningRecord) -> dict[str, tuple[int, dict[str, str]]]:
    """Return the time of each exercise's last grading, and its failed checks, title by name."""
    return {one.card_key: (one.ts_ms, json.loads(one.detail).get("failed", {})) for one in record.events("graded")}


def _cards_back(root: Path, exercise: str, failed: Mapping[str, str], named: Collection[str]) -> dict[str, str]:
    """Return the cards that a grading brings forward, and the reason: a failed check before a diagnosis."""
    back = {}
    for card in read_decks(root).values():
        titles = [failed[name] for name in card.checks if name in failed and card.exercise == exercise]
        if titles:
            back[card.id] = why_back(exercise, titles[0])
        elif any(name in named for name in card.misconceptions):
            back[card.id] = f"you missed this in exercise {int(exercise[:2])}"
    return back


def _waiting(record: LearningRecord) -> dict[str, str]:
    """Return the cards that were brought forward and not answered since, and the reason.

    A learner grades the same file again and again, which says nothing new about these cards.
    """
    answered = {one.card_key: one.ts_ms for one in record.reviews()}
    return {one.card_key: one.detail for one in forwards_of(record) if one.ts_ms > answered.get(one.card_key, -1)}
