"""Say in words for which calls a random function is wrong, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.diagnosis.experiment import OTHER, Situation, Values
from grader.diagnosis.facets import Facet, Kind, Signature, agreeing

SENTENCES = 2  # more would hide what to repair first


def located(situations: Sequence[Situation], mine: Signature, right: Signature, left: Sequence[Facet]) -> str:
    """Return sentences about the wrong facets in `left`, the most important ones first; empty if there are none."""
    sentences = dict.fromkeys(
        sentence for facet in left if (sentence := _sentence(situations, facet, mine[facet], right[facet]))
    )
    return " ".join(list(sentences)[:SENTENCES])


def _sentence(situations: Sequence[Situation], facet: Facet, mine: Any, right: Any) -> str:
    if facet.kind is Kind.SHARE:
        return _of_several(situations, facet, mine, right, "The share of zeros", _share, "about ")
    if facet.kind is Kind.VALUES:
        return _of_several(situations, facet, mine, right, "The factor of the units that are not 0", _values, "")
    where = _condition(situations[max(facet.situation, 0)])
    if facet.kind is Kind.FORM:
        return _of_form(where, mine, right)
    if facet.kind is Kind.DEPENDENCE:
        return _of_dependence(where, mine)
    if facet.kind is Kind.GENERATOR:
        unmoved, _ = mine
        seen = "Different generators give the same numbers" if unmoved else "Equal generators give different numbers"
        return f"{seen}."
    if facet.kind is Kind.FACTORS:
        i = next(i for i, factors in sorted(mine.items()) if any(factors))
        return f"A later result is not the factor of the first one {_condition(situations[i])}."
    if facet.kind is Kind.CERTAIN:
        return f"The first result is wrong {where}."
    if facet.kind is Kind.CERTAIN_FACTORS:
        return f"A later result is wrong {where}."
    return "It writes into its argument."


def _condition(situation: Situation) -> str:
    return f"if {situation.words}" if situation.words else "for the plainest call"


def _of_several(
    situations: Sequence[Situation], facet: Facet, mine: Any, right: Any, what: str, show: Any, about: str
) -> str:
    """Return where a law is right and where it is wrong, with the first wrong value."""
    fine = agreeing(facet, mine, right)
    wrong = [i for i in sorted(mine.keys() & right.keys()) if i not in fine]
    if not wrong:
        return ""
    first = wrong[0]
    seen = f"{show(mine[first])}, expected {about}{show(right[first])}"
    if not fine:
        return f"{what} is wrong {_condition(situations[first])}: {seen}."
    return f"{what} is right {_condition(situations[min(fine)])}, and wrong {_condition(situations[first])}: {seen}."


def _share(value: tuple[int, int]) -> str:
    return f"{value[0] / value[1]:.0%}"


def _values(values: Values) -> str:
    if values.counts is None or len(values.counts) > 3:
        return "many different numbers"
    return " or ".join(f"{kind:.4g}" for kind in values.counts)


def _of_form(where: str, mine: str, right: str) -> str:
    if mine == OTHER:
        return f"The number or the shape of the results is wrong {where}."
    if not mine:
        return f"It accepts its arguments {where}; it must raise {right}."
    return f"It raises {mine} {where}."


def _of_dependence(where: str, mine: Any) -> str:
    alike, counted, _ = mine
    if alike:
        axes = " and ".join(str(axis) for axis in sorted(alike))
        return f"All units along axis {axes} have the same fate {where}."
    if counted:
        return f"The number of zeros is the same in each call {where}."
    return f"The units are not independent {where}."
