"""Facets of a random function: what can be right or wrong about it independently of everything else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Any, NamedTuple

from grader.diagnosis.answers import MISFITS
from grader.diagnosis.experiment import Factor, Measured, Values, near

Z = 6.0  # standard deviations: 2e-9 for each comparison
ROUNDING = 1e-9
FEWEST = 50  # independent units: with fewer, as with one coin for all, no share is told from another
SPREADS = 1.25  # the ratio of two spreads of one law is smaller


class Kind(IntEnum):
    """The kinds of facets. They are looked up so often that the hash of a plain enum takes too long."""

    FORM = auto()  # of the answer in one situation: arrays of the right shape, or an exception
    SHARE = auto()  # of zeros, in all situations in which the reference is random
    VALUES = auto()  # other than 0, in all these situations
    DEPENDENCE = auto()  # of units on each other, in one of these situations
    GENERATOR = auto()  # whether it decides
    FACTORS = auto()  # the other results in these situations
    CERTAIN = auto()  # the first result in a situation in which the reference is not random
    CERTAIN_FACTORS = auto()
    CHANGED = auto()  # arguments


class Facet(NamedTuple):
    """One facet; `situation` is -1 if it is about several."""

    kind: Kind
    situation: int = -1


Signature = Mapping[Facet, Any]
"""The facets of one program. A facet is missing if the program gave no answer from which it could be measured."""


@dataclass(frozen=True)
class OurSignature:
    """The facets of one of our programs, and those among them that are wrong."""

    facets: Signature
    wrong: frozenset[Facet]


@dataclass(frozen=True)
class Sure:
    """The behaviour of a program in a situation in which the reference is not random."""

    measured: Measured
    as_plain: bool  # the program draws as it does in the plainest situation


def signature_of(measured: Mapping[int, Measured], reference: Mapping[int, Measured]) -> Signature:
    """Return the facets of a program, measured in some situations of the reference or in all of them.

    The plainest situation, number 0, must be among them.
    """
    found: dict[Facet, Any] = {}
    for i, mine in measured.items():
        found[Facet(Kind.FORM, i)] = mine.form
    told = [(i, mine, reference[i]) for i, mine in measured.items() if not (mine.form or reference[i].form)]
    drawn = [(i, mine, right) for i, mine, right in told if not right.unmoved]
    if drawn:
        if told_apart := [(i, mine) for i, mine, _ in drawn if mine.size >= FEWEST]:
            found[Facet(Kind.SHARE)] = {i: (mine.zeros, mine.size) for i, mine in told_apart}
            found[Facet(Kind.VALUES)] = {i: mine.values for i, mine in told_apart if mine.values.size}
        for i, mine, _ in drawn:
            found[Facet(Kind.DEPENDENCE, i)] = (mine.alike, mine.counted, mine.linked)
        found[Facet(Kind.GENERATOR)] = tuple(
            all(flags) for flags in zip(*((m.unmoved, m.repeats) for _, m, _ in drawn), strict=True)
        )
        found[Facet(Kind.FACTORS)] = {i: _factors(mine, right) for i, mine, right in drawn}
    for i, mine, right in told:
        if right.unmoved:
            plain = measured[0]
            as_plain = not (mine.unmoved or plain.unmoved or plain.form) and draws_as(mine, plain)
            found[Facet(Kind.CERTAIN, i)] = Sure(mine, as_plain)
            found[Facet(Kind.CERTAIN_FACTORS, i)] = {i: _factors(mine, right)}
    found[Facet(Kind.CHANGED)] = frozenset().union(*(mine.changed for mine in measured.values()))
    return found


def agree(facet: Facet, one: Any, other: Any) -> bool:
    """Return True if two programs have the same value in a facet, as far as chance can tell."""
    if facet.kind is Kind.FORM:
        return one == other or {one, other} <= MISFITS
    if facet.kind is Kind.CERTAIN:
        return _sure_alike(one, other)
    compare = COMPARISONS.get(facet.kind)
    if compare is None:
        return bool(one == other)
    common = one.keys() & other.keys()
    return bool(common) and all(compare(one[i], other[i]) for i in common)


def wrong_facets(signature: Signature, right: Signature) -> list[Facet]:
    """Return the facets of a program that differ from those of the reference."""
    return [facet for facet in signature if facet in right and not agree(facet, signature[facet], right[facet])]


def agree_together(facet: Facet, one: Any, other: Any) -> bool:
    """Return True if the shares of zeros agree in all situations together: small differences add up."""
    if facet.kind is not Kind.SHARE:
        return True
    scores = [_score(one[i], other[i]) ** 2 for i in one.keys() & other.keys()]
    count = len(scores)
    # The cube root of a mean of squares is almost normal (Wilson and Hilferty).
    spread = 2 / (9 * max(count, 1))
    return not count or (sum(scores) / count) ** (1 / 3) <= 1 - spread + Z * math.sqrt(spread)


def agreeing(facet: Facet, one: Any, other: Any) -> frozenset[int]:
    """Return the situations in which two programs have the same value in a facet about several."""
    compare = COMPARISONS[facet.kind]
    return frozenset(i for i in one.keys() & other.keys() if compare(one[i], other[i]))


def _factors(mine: Measured, right: Measured) -> tuple[Factor | None, ...]:
    """Return the other results; None for one that is right, or that belongs to the first result."""
    factors = []
    for one, ours in zip(mine.factors, right.factors, strict=True):
        is_right = one.holds or (one.aligned and _near_all(one.values, ours.values))
        factors.append(None if is_right else one)
    return tuple(factors)


def _same_factors(one: Sequence[Factor | None], other: Sequence[Factor | None]) -> bool:
    return all(
        (a is None and b is None)
        or (
            a is not None
            and b is not None
            and (a.aligned, a.opposed) == (b.aligned, b.opposed)
            and _near_all(a.values, b.values)
        )
        for a, b in zip(one, other, strict=True)
    )


def _near_all(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(map(near, one, other))


def _same_share(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return True if two counts may come from one probability."""
    return _score(one, other) <= Z


def _score(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the difference of two shares in standard deviations; differences up to rounding are none."""
    (count, size), (other_count, other_size) = one, other
    share = (count + other_count) / (size + other_size)
    spread = math.sqrt(share * (1 - share) * (1 / size + 1 / other_size))
    difference = abs(count / size - other_count / other_size)
    return 0.0 if difference <= ROUNDING else difference / spread


def _same_values(one: Values, other: Values) -> bool:
    """Return True if the values other than 0 may come from one law."""
    if not (one.size and other.size):
        return one.size == other.size
    if one.balanced or other.balanced:
        return one.balanced and other.balanced
    if one.counts is None or other.counts is None:
        if one.counts is not None or other.counts is not None:
            return False
        chance = max(one.spread, other.spread) * math.sqrt(1 / one.size + 1 / other.size)
        close = abs(one.mean - other.mean) <= Z * chance + ROUNDING
        return close and max(one.spread, other.spread) <= SPREADS * min(one.spread, other.spread) + ROUNDING
    kinds = [*one.counts, *(kind for kind in other.counts if not any(near(kind, own) for own in one.counts))]
    return all(_same_share((_count_of(kind, one), one.size), (_count_of(kind, other), other.size)) for kind in kinds)


def _count_of(kind: float, values: Values) -> int:
    return sum(count for own, count in (values.counts or {}).items() if near(kind, own))


def draws_as(one: Measured, other: Measured) -> bool:
    """Return True if two programs may follow one law."""
    return _same_share((one.zeros, one.size), (other.zeros, other.size)) and _same_values(one.values, other.values)


def _sure_alike(one: Sure, other: Sure) -> bool:
    if one.as_plain or other.as_plain:
        return one.as_plain and other.as_plain
    mine, theirs = one.measured, other.measured
    if mine.unmoved != theirs.unmoved:
        return False
    if not mine.unmoved:
        return mine.alike == theirs.alike and draws_as(mine, theirs)
    return mine.share == theirs.share and _near_all(
        sorted(mine.values.counts or ()), sorted(theirs.values.counts or ())
    )


COMPARISONS: Mapping[Kind, Callable[[Any, Any], bool]] = {
    Kind.SHARE: _same_share,
    Kind.VALUES: _same_values,
    Kind.FACTORS: _same_factors,
    Kind.CERTAIN_FACTORS: _same_factors,
}
