"""Find the misconceptions that share the wrong facets of a random function with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from grader.diagnosis.candidates import Program
from grader.diagnosis.facets import Facet, Kind, OurSignature, Signature, agree, agree_together, agreeing

if TYPE_CHECKING:
    from grader.diagnosis.random_functions import RandomFunction

AT_ONCE = 3  # misconceptions
FORMS_NEEDED = 2  # situations, if a misconception shows in the form of the answers only, and others have that form too
SITUATIONS_NEEDED = 2  # in which a law must agree
TOLD = 6  # misconceptions that explain most alone: one of them is a part of each pair that is tried
PAIRS = 120  # programs of two misconceptions that are tried


class FacetSearch:
    """The search for the misconceptions that explain the wrong facets of one function.

    A program is first measured in the situations in which the learner's function is wrong. Only one that agrees with it
    there in something wrong is measured in all situations.
    """

    def __init__(
        self,
        function: RandomFunction,
        mine: Signature,
        right: Signature,
        wrong: Sequence[Facet],
        programs: int | None = None,
        *,
        pairs: bool = False,
    ) -> None:
        """Measure our programs: this many of each misconception; with `pairs`, those of two at once as well."""
        self._function = function
        self._mine = mine
        self._told = frozenset(right)
        self._wrong = frozenset(wrong)
        self._programs = programs
        self._near = _fewest(wrong)
        self._all = sorted({facet.situation for facet in mine if facet.situation >= 0})
        self._alike: set[Hashable] = (
            set()
        )  # the keys of programs that have something wrong in common with the learner's
        signatures = [self._measured(function.known.programs(i, programs)) for i in range(len(function.known.mistakes))]
        self._alone = [self._explained(several) for several in signatures]
        self._core = [self._always_wrong(several) for several in signatures]
        self._pairs = self._explained_by_pairs() if pairs else {}

    def best(self) -> tuple[tuple[int, ...], list[Facet]]:
        """Return the indices of the misconceptions to name, and the wrong facets that they leave unexplained."""
        possible = [i for i in range(len(self._core)) if self._is_possible(i) and self._may_explain(i)]
        best: list[tuple[int, ...]] = [()]
        most = (0, 0, 0, 0)
        for count in range(1, AT_ONCE + 1):
            for several in combinations(possible, count):
                explained = self._explained_by(several)
                if not self._is_sound(several, explained):
                    continue
                contradicted = sum(len(self._core[i] - self._wrong) for i in several)
                borrowed = sum(len(self._core[i] - self._alone[i]) for i in several)
                score = (len(explained), -contradicted, -count, -borrowed)
                if score > most:
                    best, most = [several], score
                elif score == most:
                    best.append(several)
        common = tuple(i for i in best[0] if all(i in other for other in best))
        left = self._wrong - self._explained_by(common)
        named = tuple(i for i in common if not self._is_part_of_another(i, common, left))
        left = self._wrong - self._explained_by(named)
        return named, sorted(left, key=lambda facet: (facet.kind.value, facet.situation))

    def _is_part_of_another(self, i: int, named: Sequence[int], left: frozenset[Facet]) -> bool:
        """Return True if another misconception explains the same, and could explain more of what is left in a pair."""
        others = tuple(one for one in named if one != i)
        only_here = self._explained_by(named) - self._explained_by(others)
        return any(
            j not in named and only_here <= self._alone[j] and self._core[j] & left and self._is_possible(j)
            for j in range(len(self._core))
        )

    def _measured(self, programs: Iterable[Program]) -> list[OurSignature]:
        """Return the signatures of our programs, of those that have nothing in common with the learner's in part."""
        found = []
        for program in programs:
            sketch = self._function.signature(program, self._near)
            alike = any(self._is_shared(facet, sketch) for facet in self._wrong)
            if alike:
                self._alike.add(program.key[1])
            found.append(self._function.signature(program, self._all) if alike else sketch)
        return found

    def _is_shared(self, facet: Facet, sketch: OurSignature) -> bool:
        """Return True if a program may explain a facet, by what is known from some situations."""
        if facet not in sketch.facets or (facet.situation >= 0 and facet not in sketch.wrong):
            return False
        mine, ours = self._mine[facet], sketch.facets[facet]
        return agree(facet, mine, ours) or (
            facet.kind in (Kind.SHARE, Kind.VALUES) and bool(agreeing(facet, mine, ours))
        )

    def _is_possible(self, i: int) -> bool:
        """Return True if nothing that a misconception always gets wrong is right.

        One exception: a learner may treat a single situation separately, as in `if rate == 0: return x`.
        """
        return all(facet.situation > 0 for facet in self._core[i] - self._wrong)

    def _may_explain(self, i: int) -> bool:
        return bool(self._alone[i]) or any(i in pair for pair in self._pairs)

    def _explained_by(self, several: Sequence[int]) -> frozenset[Facet]:
        found = [self._alone[i] for i in several]
        found += [self._pairs[pair] for pair in combinations(several, 2) if pair in self._pairs]
        return frozenset().union(*found)

    def _is_sound(self, several: Sequence[int], explained: frozenset[Facet]) -> bool:
        """Return True if each misconception is needed, and none of them is contradicted."""
        for i in several:
            others = tuple(other for other in several if other != i)
            only_here = explained - self._explained_by(others)
            if not only_here or (self._core[i] & self._wrong) - explained:
                return False
            own = self._alone[i].union(
                *(found for pair, found in self._pairs.items() if i in pair and set(pair) <= set(several))
            )
            main = _main(self._core[i])
            if main and not main & own:  # what it explains is a side effect of something else
                return False
            forms = [one for one in only_here if one.kind is Kind.FORM]
            if len(forms) == len(only_here) and len(forms) < FORMS_NEEDED and not self._is_own(forms[0], i):
                return False
        return True

    def _is_own(self, facet: Facet, i: int) -> bool:
        """Return True if no other misconception that is possible has the learner's form of answer in a situation."""
        known, number = self._function.known, facet.situation
        return not any(
            self._function.measured(program, [number])[number].form == self._mine[facet]
            for other in range(len(known.mistakes))
            if other != i and self._is_possible(other)
            for program in known.programs(other)
        )

    def _explained(self, signatures: Iterable[OurSignature]) -> frozenset[Facet]:
        """Return the wrong facets in which the learner's function does what one of our programs does."""
        return frozenset(
            facet
            for signature in signatures
            for facet in self._wrong & signature.wrong
            if self._same(facet, signature.facets)
        )

    def _same(self, facet: Facet, signature: Signature) -> bool:
        theirs, ours = self._mine[facet], signature[facet]
        if not (agree(facet, theirs, ours) and agree_together(facet, theirs, ours)):
            return False
        return facet.kind not in (Kind.SHARE, Kind.VALUES) or len(agreeing(facet, theirs, ours)) >= SITUATIONS_NEEDED

    def _always_wrong(self, signatures: Sequence[OurSignature]) -> frozenset[Facet]:
        """Return the facets in which all programs of a misconception are wrong, as far as they were measured."""
        if not signatures:
            return frozenset()
        measured = self._told.intersection(frozenset().union(*(one.facets for one in signatures)))
        later = frozenset(facet for facet in measured if facet.situation > 0)
        return measured.intersection(*(one.wrong | (later - one.facets.keys()) for one in signatures))

    def _explained_by_pairs(self) -> dict[tuple[int, ...], frozenset[Facet]]:
        """Return what pairs explain beyond their parts, if anything is left to explain.

        A part must explain something alone: so many pairs would otherwise fit some law by accident.
        """
        left = self._wrong - frozenset().union(*self._alone)
        left = frozenset(one for one in left if one.kind is not Kind.FORM)
        found: dict[tuple[int, ...], frozenset[Facet]] = {}
        if not left:
            return found
        possible = [i for i in range(len(self._core)) if self._is_possible(i)]
        told = sorted((i for i in possible if self._alone[i]), key=lambda i: -len(self._alone[i]))[:TOLD]
        several = {(min(i, j), max(i, j)): None for i in told for j in possible if i != j}
        tried = 0
        for i, j in sorted(several, key=lambda pair: len(left - self._core[pair[0]] - self._core[pair[1]])):
            programs = self._function.known.pair(i, j, self._alike)
            tried += len(programs)
            explained = self._explained(self._measured(programs))
            if explained & left:
                found[i, j] = explained
            if tried >= PAIRS:
                break
        return found


def _main(core: frozenset[Facet]) -> frozenset[Facet]:
    """Return the facets that show a misconception itself, and not what follows from it."""
    plain = frozenset(facet for facet in core if facet.situation <= 0)
    return plain or frozenset(facet for facet in core if facet.kind is not Kind.CERTAIN_FACTORS)


def _fewest(wrong: Sequence[Facet]) -> list[int]:
    """Return the plainest situation, those that count one by one, and the first one of each other kind."""
    first: dict[tuple[Kind, int], int] = {}
    for facet in sorted(wrong, key=lambda one: one.situation):
        sure = facet.kind in (Kind.FORM, Kind.CERTAIN, Kind.CERTAIN_FACTORS)
        first.setdefault((facet.kind, facet.situation if sure else 0), facet.situation)
    return sorted({0, *(number for number in first.values() if number > 0)})
