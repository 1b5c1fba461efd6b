"""Seeds and pseudonyms of single learners, derived from the secret of a results folder.

The same folder gives the same ones again. Without it, no learner can compute those of another one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

SEEDS = 10**8  # too many for a table of answers, and a seed is still easy to type
_SHORTEST = 6  # hex digits; with 300 learners, two have the same ones in 1 of 400 classes, and then get longer ones


def seed_of_learner(secret: bytes, seed: int, learner: str) -> int:
    """Return the seed of a learner in a run with this seed."""
    return int.from_bytes(_digest(secret, f"seed {seed} {learner}")[:8]) % SEEDS


def pseudonyms_of(secret: bytes, learners: Iterable[str]) -> dict[str, str]:
    """Return a different name for each learner, which says nothing about them.

    >>> sorted(pseudonyms_of(b"secret", ["ada", "bob"]).values())
    ['anon-07e496', 'anon-6f8b9d']
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for learner in sorted(set(learners)):
        whole = _digest(secret, f"pseudonym {learner}").hex()
        short = next(whole[:length] for length in range(_SHORTEST, len(whole) + 1) if whole[:length] not in taken)
        taken.add(short)
        names[learner] = f"anon-{short}"
    return names


def _digest(secret: bytes, text: str) -> bytes:
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
