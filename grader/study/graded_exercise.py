"""What failed in an exercise brings its cards forward: due at once, with their memory state untouched."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from grader.study.cards import read_decks
from grader.study.clock import milliseconds_now
from grader.study.learning_record import LearningRecord

HOUR_MS = 3_600_000  # a belief that the same file shows again and again while it is mended counts once


def keep_grading(
    state: Path,
    root: Path,
    exercise: str,
    earned: float,
    possible: float,
    failed: Mapping[str, str],
    named: Collection[str],
) -> int:
    """Keep a score, and bring the cards of failed checks and of diagnosed misconceptions forward; how many.

    `failed` are titles of checks by name, `named` ids of misconceptions. What a learner is told is the title: the id of
    a misconception would answer the card.
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
    """What a learner is told of a card or question that is back."""
    return f'exercise {int(exercise[:2])} failed "{title}"'


def last_failures(record: LearningRecord) -> dict[str, tuple[int, dict[str, str]]]:
    """The failed checks, title by name, of each exercise's last grading, and when that was."""
    return {one.card_key: (one.ts_ms, json.loads(one.detail).get("failed", {})) for one in record.events("graded")}


def _cards_back(root: Path, exercise: str, failed: Mapping[str, str], named: Collection[str]) -> dict[str, str]:
    """The cards that a grading brings forward, and why each is back; a failed check says more than a diagnosis."""
    back = {}
    for card in read_decks(root).values():
        titles = [failed[name] for name in card.tests if name in failed and card.exercise == exercise]
        if titles:
            back[card.id] = why_back(exercise, titles[0])
        elif any(name in named for name in card.misconceptions):
            back[card.id] = f"an answer in exercise {int(exercise[:2])} was wrong"
    return back


def _waiting(record: LearningRecord) -> dict[str, str]:
    """Cards that were brought forward and not answered since, and why: saving a file often says nothing new."""
    answered = {one.card_key: one.ts_ms for one in record.reviews()}
    return {one.card_key: one.detail for one in record.events("forward") if one.ts_ms > answered.get(one.card_key, -1)}
