"""The effect of a graded exercise on study: its failures bring cards forward.

Such a card is due at once. Its memory state does not change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from grader.study.cards import read_decks
from grader.study.clock import milliseconds_now
from grader.study.learning_record import LearningRecord

HOUR_MS = 3_600_000  # a misconception that shows at every attempt to correct a file counts once


def keep_grading(
    state: Path,
    root: Path,
    exercise: str,
    earned: float,
    possible: float,
    failed: Mapping[str, str],
    named: Collection[str],
) -> int:
    """Save a score, and bring forward the cards of failed checks and diagnosed misconceptions. Return how many.

    `failed` are titles of checks by name, `named` ids of misconceptions. The learner reads the title only: the id of a
    misconception would give the answer of the card away.
    """
    at_ms = milliseconds_now()
    back = _cards_back(root, exercise, failed, named)
    score = {"earned": earned, "possible": possible, "failed": dict(failed)}
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
    return {one.card_key: one.detail for one in record.events("forward") if one.ts_ms > answered.get(one.card_key, -1)}
