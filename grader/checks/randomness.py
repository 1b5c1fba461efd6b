"""One random generator for each check, never shared."""

from __future__ import annotations

import hashlib

import numpy as np


def generator_for(course_seed: int, exercise: str, check: str, run_seed: int) -> np.random.Generator:
    """Return the generator of one check in one run: the same on every machine, different for every check and seed."""
    text = f"{course_seed}:{exercise}:{check}:{run_seed}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))
