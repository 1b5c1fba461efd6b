"""What failed in an exercise brings its cards forward: due at once, with their memory state untouched."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from grader.study.cards import read_decks
from grader.study.journal import Journal


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
    number = int(exercise[:2])
    pairs = []
    for card in read_decks(root).values():
        checks = [name for name in card.tests if name in failed] if card.exercise == exercise else []
        beliefs = [name for name in card.misconceptions if name in named]
        if checks:
            pairs.append((card.id, f'exercise {number} failed "{failed[checks[0]]}"'))
        elif beliefs:
            pairs.append((card.id, f"an answer in exercise {number} was wrong"))
    now_ms = time.time_ns() // 1_000_000
    with Journal(state) as journal:
        journal.add_events(
            [
                ("graded", exercise, json.dumps({"earned": earned, "possible": possible})),
                *(("misconception", exercise, name) for name in named),
                *(("forward", card_id, because) for card_id, because in pairs),
            ],
            now_ms,
        )
    return len(pairs)
