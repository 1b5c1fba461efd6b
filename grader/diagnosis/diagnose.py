"""Answers held against variants."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from grader.course import Exercise, Misconception, both
from grader.diagnosis.recorder import Generator, Recorded
from grader.sandbox.answer import Raised, Returned

_Asked = tuple[bytes, Recorded, Any]  # its fingerprint, a call, and what the learner's function said
_Compare = Callable[[Any, _Asked], bool]

KEPT_ANSWERS = 50_000
PAIRS_LIMIT = 2_000
Z = 6.0  # 2e-9: there are many comparisons
FEWEST = 200  # elements from which chance can be told from a belief
FEW_VALUES = 6
RELATIVE, ABSOLUTE = 1e-7, 1e-9  # two programs of one belief sum in different orders; two beliefs differ by far more


@dataclass(frozen=True)
class Diagnosis:
    """What is consistent with every answer of a function: one known misunderstanding, or two held together."""

    function: str
    misconceptions: tuple[Misconception, ...]


@dataclass(frozen=True)
class _Failed:
    """In place of an answer: the kind of an exception."""

    kind: str


class Diagnostician:
    """The variants of one exercise; what they answer is kept, for the next submission is asked the same."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._variants: dict[str, list[Misconception]] | None = None
        self._answers: dict[tuple[Any, bytes], Any] = {}

    def diagnose(self, function: str, calls: Sequence[Recorded]) -> Diagnosis | None:
        """What explains the answers of a function that failed; nothing where nothing does, or several things do."""
        if self._variants is None:
            self._variants = {}
            for one in self._exercise.misconceptions():
                if one.severity == "mistake":
                    self._variants.setdefault(one.function, []).append(one)
        candidates = self._variants.get(function, [])
        reference = getattr(self._exercise.reference(), function, None)
        asked = [(call.fingerprint(), call, said(call.answer)) for call in sorted(calls, key=lambda one: one.elements)]
        if not candidates or reference is None or not asked or any(_unwritten(said) for _, _, said in asked):
            return None
        found = self._explained(function, candidates, asked, reference, _same)
        if found is None and any(isinstance(value, Generator) for call in calls for value in call.arguments):
            found = self._explained(function, candidates, asked, reference, _alike)
        return found

    def _explained(
        self,
        function: str,
        candidates: Sequence[Misconception],
        asked: Sequence[_Asked],
        reference: Callable[..., Any],
        compare: _Compare,
    ) -> Diagnosis | None:
        wrong = [one for one in asked if not compare(self._answer(("reference",), reference, one), one)]
        if not wrong:
            return None
        # What failed comes first: most variants part from the learner there.
        order = [*wrong, *(one for one in asked if not any(one is other for other in wrong))]
        found = [one for one in candidates if self._fits((one.id,), one.variant, order, compare)]
        if found or compare is _alike:
            return Diagnosis(function, (found[0],)) if len(found) == 1 else None
        return self._pair(function, candidates, order)

    def _pair(self, function: str, candidates: Sequence[Misconception], order: Sequence[_Asked]) -> Diagnosis | None:
        pairs = []
        for first, second in list(combinations(candidates, 2))[:PAIRS_LIMIT]:
            variant = both(first, second)
            if variant is not None and self._fits((first.id, second.id), variant, order, _same):
                pairs.append((first, second))
        return Diagnosis(function, pairs[0]) if len(pairs) == 1 else None

    def _fits(
        self, key: tuple[str, ...], variant: Callable[..., Any], order: Iterable[_Asked], compare: _Compare
    ) -> bool:
        return all(compare(self._answer(key, variant, one), one) for one in order)

    def _answer(self, key: tuple[str, ...], variant: Callable[..., Any], asked: _Asked) -> Any:
        fingerprint, call, _ = asked
        place = (key, fingerprint)
        if place not in self._answers:
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[place] = answer_of(variant, call)
        return self._answers[place]


def answer_of(variant: Callable[..., Any], call: Recorded) -> Any:
    """What our own function says to a call: a tuple of arrays, or something else where it raises."""
    arguments = [_given(value) for value in call.arguments]
    named = {name: _given(value) for name, value in call.named.items()}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = _plain(variant(*arguments, **named))
            after = isinstance(call.answer, Returned) and call.answer.arguments is not None
            return (*value, *_arrays_of(arguments)) if after and value is not None else value
    except Exception as error:  # a belief may crash, and then that is its answer
        return _Failed(type(error).__name__)


def _given(value: Any) -> Any:
    if isinstance(value, Generator):
        return value.fresh()
    return value.copy() if isinstance(value, np.ndarray) else value


def said(answer: Any) -> Any:
    """What a learner's function said, in the same form."""
    if isinstance(answer, Returned):
        value = _plain(answer.value)
        return value if value is None or answer.arguments is None else (*value, *_arrays_of(answer.arguments))
    return _Failed(answer.kind) if isinstance(answer, Raised) else None


def _arrays_of(arguments: Iterable[Any]) -> list[Any]:
    """The arrays among arguments, as they are after a call: a belief may write into them."""
    return [value for value in arguments if isinstance(value, np.ndarray)]


def _unwritten(said: Any) -> bool:
    return isinstance(said, _Failed) and said.kind in ("NotImplementedError", "AttributeError", "NameError")


def _plain(value: Any) -> Any:
    """Results as a tuple of arrays; None where there is one that is no number."""
    parts = value if isinstance(value, tuple | list) else (value,)
    try:
        arrays = tuple(np.asarray(part) for part in parts)
    except ValueError:
        return None
    return arrays if all(array.dtype.kind in "biufc" for array in arrays) else None


def _same(variant: Any, asked: _Asked) -> bool:
    return same(variant, asked[2])


def same(variant: Any, learner: Any) -> bool:
    """Whether two answers are one, up to the order in which numbers are summed."""
    if variant is None or learner is None:
        return False
    if isinstance(variant, _Failed) or isinstance(learner, _Failed):
        return bool(variant == learner)
    if len(variant) != len(learner):
        return False
    for ours, theirs in zip(variant, learner, strict=True):
        if ours.shape != theirs.shape:
            return False
        relative = 1e-4 if np.float32 in (ours.dtype, theirs.dtype) else RELATIVE
        scale = float(np.max(np.abs(ours), initial=0.0, where=np.isfinite(ours))) if ours.dtype.kind in "fc" else 0.0
        limit = ABSOLUTE + relative * scale
        with np.errstate(all="ignore"):
            if not np.allclose(ours, theirs, rtol=relative, atol=limit, equal_nan=True):
                return False
    return True


def _alike(variant: Any, asked: _Asked) -> bool:
    """Whether two answers follow the same law: a right program may draw its numbers in another way than ours.

    Calls without a generator are compared as they are.
    """
    _, call, learner = asked
    if not any(isinstance(value, Generator) for value in (*call.arguments, *call.named.values())):
        return _same(variant, asked)
    if variant is None or learner is None or isinstance(variant, _Failed) or isinstance(learner, _Failed):
        return _same(variant, asked)
    return len(variant) == len(learner) and all(map(_same_law, variant, learner))


def _same_law(one: Any, other: Any) -> bool:
    """The same shape, share of zeros, kind of rows, and values or their mean and spread, as far as chance can tell."""
    if one.shape != other.shape:
        return False
    if one.size < FEWEST:
        return True
    n = one.size
    share = ((one == 0).mean() + (other == 0).mean()) / 2
    if abs((one == 0).mean() - (other == 0).mean()) > Z * np.sqrt(2 * share * (1 - share) / n) + 1e-12:
        return False
    if bool((one == one[:1]).all()) != bool((other == other[:1]).all()):
        return False
    a, b = (np.unique(np.round(values[values != 0].astype(float), 6)) for values in (one, other))
    if len(a) <= FEW_VALUES or len(b) <= FEW_VALUES:
        return len(a) == len(b) and bool(np.allclose(a, b, atol=1e-5))
    a, b = one[one != 0].astype(float), other[other != 0].astype(float)
    spread = max(a.std(), b.std())
    return bool(
        abs(a.mean() - b.mean()) <= Z * spread * np.sqrt(2 / len(a)) + 1e-9
        and 0.8 <= a.std() / max(b.std(), 1e-12) <= 1.25
    )
