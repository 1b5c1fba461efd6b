"""Say in words for which calls a random function is wrong, and how."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.diagnosis.candidates import Program
from grader.diagnosis.experiment import NOTHING, WRONG_SHAPE, Situation, Values
from grader.diagnosis.facets import Facet, Kind, Signature, agreeing

SENTENCES = 2  # more would hide what to repair first
SHOWN = 3  # different values


@dataclass(frozen=True)
class Locator:
    """Two signatures of one function: the learner's, and the right one."""

    reference: Program
    results: Sequence[str]
    situations: Sequence[Situation]
    mine: Signature
    right: Signature

    def words(self, facets: Sequence[Facet]) -> str:
        """Return sentences about wrong facets, given from the most important on; empty if there are none."""
        sentences = dict.fromkeys(filter(None, map(self._sentence, facets)))
        return " ".join(list(sentences)[:SENTENCES])

    def _sentence(self, facet: Facet) -> str:
        mine, right = self.mine[facet], self.right[facet]
        first, *others = self.results
        if facet.kind is Kind.SHARE:
            return self._of_several(facet, f"the share of zeros in {first}", _share)
        if facet.kind is Kind.VALUES:
            x = next(iter(inspect.signature(self.reference.function).parameters))
            return self._of_several(facet, f"the factor between {x} and the numbers of {first} that are not 0", _values)
        if facet.kind is Kind.GENERATOR:
            unmoved, _ = mine
            return (
                "Different generators give the same numbers." if unmoved else "Equal generators give different numbers."
            )
        if facet.kind is Kind.CHANGED:
            return "It writes into its argument."
        where = self._condition(facet.situation)
        if facet.kind is Kind.FORM:
            return self._of_form(where, mine, right)
        if facet.kind is Kind.DEPENDENCE:
            return _of_dependence(where, mine)
        if facet.kind is Kind.CERTAIN:
            return f"{first} is wrong {where}."
        at, wrong = next((i, factors) for i, factors in sorted(mine.items()) if any(factors))
        name = next(name for name, factor in zip(others, wrong, strict=True) if factor is not None)
        return f"{name} is not the factor of {first} {self._condition(at)}."

    def _condition(self, situation: int) -> str:
        words = self.situations[situation].words
        return f"if {words}" if words else "for the plainest input"

    def _of_form(self, where: str, mine: str, right: str) -> str:
        if mine == NOTHING:
            return f"It does not return {_listed(self.results)} {where}."
        if mine.startswith(WRONG_SHAPE):
            place = int(mine.removeprefix(WRONG_SHAPE)) - 1
            name = self.results[place] if place < len(self.results) else "an argument"
            return f"The shape of {name} is wrong {where}."
        if mine.endswith(("result", "results")):
            return f"It returns {mine} {where}, expected {_listed(self.results)}."
        if not mine:
            return f"It accepts its arguments {where}; it must raise {right}."
        return f"It raises {mine} {where}" + (f"; it must raise {right}." if right else ".")

    def _of_several(self, facet: Facet, what: str, show: Callable[[Any], str]) -> str:
        """Return where a law is right and where it is wrong, with the first wrong value."""
        mine, right = self.mine[facet], self.right[facet]
        fine = agreeing(facet, mine, right)
        wrong = [i for i in sorted(mine.keys() & right.keys()) if i not in fine]
        if not wrong:
            return ""
        first = wrong[0]
        seen = f"{self._condition(first)}, {what} is {show(mine[first])}, expected {show(right[first])}."
        if not fine:
            return f"{seen[0].upper()}{seen[1:]}"
        return f"Right {self._condition(min(fine))}; {seen}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)


def _share(value: tuple[int, int]) -> str:
    return f"about {value[0] / value[1]:.0%}"


def _values(values: Values) -> str:
    if values.counts is None or len(values.counts) > SHOWN:
        return "one of many numbers"
    return " or ".join(f"{kind:.4g}" for kind in values.counts)


def _of_dependence(where: str, mine: Any) -> str:
    alike, counted, _ = mine
    if alike:
        axes = " and ".join(str(axis) for axis in sorted(alike))
        return f"All units along axis {axes} have the same fate {where}."
    if counted:
        return f"The number of zeros is the same in each call {where}."
    return f"The units are not independent {where}."
