"""NumPy generators as data: a child gets their states, and a diagnosis keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence


class _NoSeed(ISeedSequence):
    """A seed that costs nothing: the state is set afterwards."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Return the requested number of words."""
        return np.ones(n_words, dtype)


def generator_with(state: Mapping[str, Any]) -> np.random.Generator:
    """Return a generator in this state.

    >>> one = np.random.default_rng(3)
    >>> generator_with(one.bit_generator.state).random() == one.random()
    True
    """
    bits = getattr(np.random, state["bit_generator"])(_NoSeed())
    bits.state = state
    return np.random.Generator(bits)
