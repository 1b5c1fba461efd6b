"""Find the wrong programs that explain a learner's answers, from plain calls to mixed ones.

A hypothesis is a program with the misconceptions that are assumed so far. It begins as our right program. Whenever it
does not explain an item, it is extended by each misconception that explains the item and breaks nothing that was
explained before. Plain items come first, so that each misconception shows in items where no other one interferes, and
several at once are found without trying all pairs.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.diagnosis.answers import Failed
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.exploration import Item, agree, part_of
from grader.diagnosis.programs import RIGHT, Mix, Programs

WIDTH = 12  # hypotheses that are kept
MOST = 3  # misconceptions at once
FAILURES = 6  # items of one result for which the search tries without success to extend a hypothesis
LOOKUPS = 30  # such items, if the new misconception must explain the item alone, which is known without a program
COMBINATIONS = 200  # of several misconceptions that are tried: each must be compiled once
CHOSEN = 80  # more, if the last misconception explains the item alone: there are few, and one of them is often right

Cost = tuple[int, int, int]
PERFECT: Cost = (0, 1, 0)
WORST: Cost = (sys.maxsize, 0, 0)


@dataclass
class _Tally:
    """Counts what a program does not explain among the first `items`, and exceptions with another message."""

    items: int = 0
    unexplained: int = 0
    other_messages: int = 0

    def cost(self, mix: Mix) -> Cost:
        """Return the cost of the program, by the items that were looked at."""
        return self.unexplained, len(mix), self.other_messages


@dataclass
class Search:
    """The search for one function of one submission.

    An `exhaustive` one compares every hypothesis with every item, and finds the same: a kit records what it asks.
    """

    programs: Programs
    deadline: Deadline | None = None
    exhaustive: bool = False
    hypotheses: list[Mix] = field(default_factory=lambda: [RIGHT])
    items: list[Item] = field(default_factory=list)
    _noted: dict[int, tuple[Sequence[Mix], dict[Mix, bool]]] = field(default_factory=dict)  # by the id of an item
    _failures: Counter[tuple[Mix, int]] = field(default_factory=Counter)  # of a hypothesis in one result
    _tallies: dict[Mix, _Tally] = field(default_factory=dict)
    _combined: Counter[bool] = field(default_factory=Counter)  # combinations tried, by whether they were chosen

    @property
    def idle_parts(self) -> set[int]:
        """The results that hold one and the same number whatever the function is asked: they show no idea."""
        first: dict[int, float] = {}
        varied: set[int] = set()
        for item in self.items:
            theirs = item.theirs
            if item.part in varied or not isinstance(theirs, np.ndarray) or not (theirs.ndim and theirs.size):
                continue
            if theirs.dtype.kind not in "biuf":
                continue
            number = first.setdefault(item.part, theirs.flat[0])
            if not np.array_equal(theirs, np.full_like(theirs, number), equal_nan=theirs.dtype.kind == "f"):
                varied.add(item.part)
        return first.keys() - varied

    def explain(self, items: Sequence[Item]) -> None:
        """Extend the hypotheses by what explains these items."""
        seen = set(self.hypotheses)
        known = set(map(id, self.items))
        telling: set[int] | None = None
        for item in items:
            grown: list[Mix] = []
            fits = [self.explains(mix, item) for mix in self.hypotheses]
            open_ones = self._to_be_extended(fits)
            for mix in open_ones:
                found = self._extensions(mix, item, seen)
                if not found and mix == RIGHT and self._failures[mix, item.part] < FAILURES:
                    if telling is None:
                        telling = self._telling(items)
                    found = self._pairs(item, seen, telling)
                self._failures[mix, item.part] += not found
                grown += found
            if isinstance(item.theirs, Failed):
                failing = (mix for mix, fit in zip(self.hypotheses, fits, strict=True) if len(mix) == 1 and not fit)
                grown += [one for mix in failing for one in self._siblings(mix, item, seen)]
            if id(item) not in known:
                self.items.append(item)
            if grown:
                self.hypotheses = sorted([*self.hypotheses, *grown], key=self.cost)[:WIDTH]
                if RIGHT not in self.hypotheses:
                    self.hypotheses.append(RIGHT)

    def _siblings(self, mix: Mix, item: Item, seen: set[Mix]) -> list[Mix]:
        """Return other programs of the same misconception that explain an item as well.

        The first items often end in one exception for more programs than WIDTH, so the right one may have been dropped.
        """
        own = self.programs.forms[mix[0]].misconception
        others = ((number,) for number, form in enumerate(self.programs.forms) if form.misconception is own)
        return [one for one in others if self._is_better(one, mix, item, seen)]

    def _to_be_extended(self, fits: Sequence[bool]) -> list[Mix]:
        """Return the hypotheses that do not explain the next item and are small enough to be extended."""
        some = any(fits)
        failing = [mix for mix, fit in zip(self.hypotheses, fits, strict=True) if not (fit or (some and mix == RIGHT))]
        if not failing:
            return failing
        enough = self._fewest_that_explain_all(fits)
        return [mix for mix in failing if len(mix) < enough]

    def _fewest_that_explain_all(self, fits: Sequence[bool]) -> int:
        """Return how many misconceptions explain all items so far and the next one: larger programs are not needed."""
        perfect = (mix for mix, fit in zip(self.hypotheses, fits, strict=True) if fit and mix != RIGHT)
        return min((len(mix) for mix in perfect if not self._tally(mix).unexplained), default=MOST)

    def explains(self, mix: Mix, item: Item) -> bool:
        """Return True if a program gives the learner's result."""
        known, explained = self._known_of(mix, item)
        found = explained.get(known)
        if found is None:
            ours = self.says(known, item)
            found = explained[known] = not item.is_wrong if ours is item.right else agree(ours, item.theirs)
        return found

    def alike(self, mix: Mix, other: Mix, item: Item) -> bool:
        """Return True if two programs are known to give the same answer, so that neither must run."""
        return self._known_of(mix, item)[0] == self._known_of(other, item)[0]

    def _known_of(self, mix: Mix, item: Item) -> tuple[Mix, dict[Mix, bool]]:
        """Return the first program that is known to answer as this one, and what such programs explain.

        This runs thousands of times for one submission, so it looks up as little as possible.
        """
        noted = self._noted.get(id(item))
        if noted is None:
            noted = self._noted[id(item)] = self.programs.firsts(item.call), {}
        firsts, explained = noted
        return (firsts[mix[0]] if firsts and len(mix) == 1 else mix), explained

    def says(self, mix: Mix, item: Item) -> object:
        """Return the result of a program."""
        return part_of(self.programs.answer(mix, item.call, self.deadline), item.part)

    def unexplained(self, mix: Mix) -> list[Item]:
        """Return the items that a program does not explain."""
        return [item for item in self.items if not self.explains(mix, item)]

    def cost(self, mix: Mix) -> Cost:
        """Return what makes a hypothesis worse: items that it leaves unexplained, its size, then other messages.

        An exception of the right kind explains an item. If its message is another one, something else may explain it.
        """
        return self._tally(mix).cost(mix)

    def best(self) -> tuple[Cost, list[Mix]]:
        """Return the lowest cost of the hypotheses but RIGHT, and those with this cost; none if there is only RIGHT.

        Costs only grow with the items, so a hypothesis is dropped when it costs more than the best one. If a program of
        one misconception explains everything, its other programs are left out: they can only do the same.
        """
        wrong = [mix for mix in self.hypotheses if mix != RIGHT]
        costs: dict[Mix, Cost] = {}
        lowest: Cost = WORST
        perfect: set[str] = set()
        if self.exhaustive:
            for mix in wrong:
                self._tally(mix)
        for mix in sorted(wrong, key=self._cost_so_far):
            known = [one.id for one in self.programs.misconceptions_of(mix)]
            if len(mix) == 1 and known[0] in perfect:
                continue
            costs[mix] = self._tally(mix, lowest).cost(mix)
            lowest = min(lowest, costs[mix])
            if costs[mix] == PERFECT:
                perfect.update(known)
        return lowest, [mix for mix in wrong if costs.get(mix) == lowest]

    def _cost_so_far(self, mix: Mix) -> Cost:
        return self._tallies.get(mix, _Tally()).cost(mix)

    def _tally(self, mix: Mix, most: Cost | None = None) -> _Tally:
        """Return how a program fares with the items so far; only what has come since the last time is looked at.

        With `most`, stop when the program costs more.
        """
        tally = self._tallies.setdefault(mix, _Tally())
        for item in self.items[tally.items :]:
            if most is not None and tally.cost(mix) > most:
                break
            fits = self.explains(mix, item)
            tally.unexplained += not fits
            if fits and isinstance(item.theirs, Failed):
                ours = self.says(mix, item)
                tally.other_messages += not (isinstance(ours, Failed) and ours.says_as(item.theirs))
            tally.items += 1
        return tally

    def _extensions(self, mix: Mix, item: Item, seen: set[Mix]) -> list[Mix]:
        """Return the programs with one misconception more that explain an item."""
        # If the assumed misconceptions change nothing here, the new one must explain the item alone.
        alone = agree(self.says(mix, item), item.right)
        if self._failures[mix, item.part] >= (LOOKUPS if alone else FAILURES):
            return []
        larger = (self.programs.with_form(mix, number) for number in self._candidates(item, alone=alone))
        return [one for one in self._affordable(larger, alone) if self._is_better(one, mix, item, seen)]

    def _pairs(self, item: Item, seen: set[Mix], telling: set[int]) -> list[Mix]:
        """Return the programs of two misconceptions that explain an item.

        One of the two is among the `telling` ones, which explain an item alone: without that, neither can be named.
        """
        pairs = itertools.combinations(self._candidates(item, alone=False), 2)
        told = (pair for pair in pairs if not telling.isdisjoint(pair))
        several = (self.programs.with_form((first,), second) for first, second in told)
        return [one for one in self._affordable(several, chosen=False) if self._is_better(one, RIGHT, item, seen)]

    def _telling(self, items: Sequence[Item]) -> set[int]:
        """Return the forms that explain a wrong item alone: one of these, or one of those that came before."""
        several = {id(one): one for one in (*self.items, *items)}.values()
        return {form for one in several if one.is_wrong for form in self._candidates(one, alone=True)}

    def _affordable(self, several: Iterable[Mix | None], chosen: bool) -> Iterator[Mix]:
        """Yield the programs until too many combinations have been tried; a single misconception is always tried.

        They are `chosen` if the misconception that is new in each of them explains the item alone.
        """
        for one in several:
            if one is None:
                continue
            if len(one) > 1:
                if self._combined[chosen] >= (CHOSEN if chosen else COMBINATIONS):
                    return
                self._combined[chosen] += 1
            yield one

    def _is_better(self, larger: Mix, mix: Mix, item: Item, seen: set[Mix]) -> bool:
        """Return True if a program explains an item and everything that a smaller one has explained."""
        if larger in seen or not self.explains(larger, item):
            return False
        seen.add(larger)
        return all(self.explains(larger, one) for one in self.items if self.explains(mix, one))

    def _candidates(self, item: Item, *, alone: bool) -> Sequence[int]:
        """Return the forms that give the learner's result alone, or one of each kind that changes the answer."""
        if not alone:
            return self.programs.changed_in(item.call, self.deadline)
        if item.theirs is None:
            return []  # no program gives no result
        classes = self.programs.classes(item.call, self.deadline, raised=isinstance(item.theirs, Failed))
        fitting = [one for answer, forms in classes if agree(part_of(answer, item.part), item.theirs) for one in forms]
        return self.programs.one_of_each_kind(fitting)
