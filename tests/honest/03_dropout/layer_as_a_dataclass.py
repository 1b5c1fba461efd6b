"""A layer as a frozen dataclass; what is asked for are its methods in disguise."""

from __future__ import annotations

import numpy as np
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

__all__ = ["dropout", "dropout_backward", "dropout_moments"]
__version__ = "1.0"
__author__ = "A. Learner"


class Output(NamedTuple):
    y: np.ndarray
    mask: np.ndarray


class Moments(NamedTuple):
    mean: np.ndarray
    variance: np.ndarray


class Layer(ABC):
    @abstractmethod
    def __call__(self, x): ...


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    rate: float
    rng: np.random.Generator | None = field(default=None, repr=False, compare=False)
    LOWEST: ClassVar[float] = 0.0

    def __post_init__(self):
        if not self.LOWEST <= self.rate < 1:
            raise ValueError(f"{self} is impossible")

    @property
    def keep(self) -> float:
        return 1 - self.rate

    def __call__(self, x, training=True) -> Output:
        if not training:
            return Output(x, np.ones_like(x))
        mask = (self.rng.random(x.shape) < self.keep) / self.keep
        return Output(x * mask, mask)

    def moments(self, x) -> Moments:
        return Moments(x + 0, x**2 * self.rate / self.keep)


def dropout(x, rate, training, rng):
    return Dropout(rate, rng)(x, training)


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return Dropout(rate).moments(x)
