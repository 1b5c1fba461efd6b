"""Find the wrong programs that explain a learner's answers, from plain calls to mixed ones.

A hypothesis is a program with the misconceptions that are assumed so far. It begins as our right program. Whenever it
does not explain an item, it is extended by each misconception that explains the item and breaks nothing that was
explained before. Plain items come first, so that each misconception shows in items where no other one interferes, and
several at once are found without trying all pairs.
"""

from __future__ import annotations

import itertools
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
PAIRED_ITEMS = 1  # items for which two misconceptions at once are tried
FAILURES = 6  # items of one result for which the search tries without success to extend a hypothesis
COMBINATIONS = 250  # of several misconceptions that are tried: each must be compiled once


@dataclass
class Search:
    """The search for one function of one submission."""

    programs: Programs
    deadline: Deadline | None = None
    hypotheses: list[Mix] = field(default_factory=lambda: [RIGHT])
    items: list[Item] = field(default_factory=list)
    _explained: dict[tuple[Mix, int], bool] = field(default_factory=dict)
    _failures: Counter[tuple[Mix, int]] = field(default_factory=Counter)  # of a hypothesis in one result
    _combined: int = 0

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
        for item in items:
            grown: list[Mix] = []
            fits = [self.explains(mix, item) for mix in self.hypotheses]
            for mix, explained in zip(self.hypotheses, fits, strict=True):
                if explained or (mix == RIGHT and any(fits)) or self._failures[mix, item.part] >= FAILURES:
                    continue
                found = self._extensions(mix, item, seen)
                if not found and mix == RIGHT and self._failures[mix, item.part] < PAIRED_ITEMS:
                    found = self._pairs(item, seen)
                self._failures[mix, item.part] += not found
                grown += found
            if id(item) not in known:
                self.items.append(item)
            if grown:
                self.hypotheses = sorted([*self.hypotheses, *grown], key=self.cost)[:WIDTH]
                if RIGHT not in self.hypotheses:
                    self.hypotheses.append(RIGHT)

    def explains(self, mix: Mix, item: Item) -> bool:
        """Return True if a program gives the learner's result."""
        place = (mix, id(item))
        found = self._explained.get(place)
        if found is None:
            known = (self.programs.known_as(mix, item.call), id(item))
            if known not in self._explained:
                ours = self.says(mix, item)
                self._explained[known] = not item.is_wrong if ours is item.right else agree(ours, item.theirs)
            found = self._explained[place] = self._explained[known]
        return found

    def says(self, mix: Mix, item: Item) -> object:
        """Return the result of a program."""
        return part_of(self.programs.answer(mix, item.call, self.deadline), item.part)

    def unexplained(self, mix: Mix) -> list[Item]:
        """Return the items that a program does not explain."""
        return [item for item in self.items if not self.explains(mix, item)]

    def cost(self, mix: Mix) -> tuple[int, int, int]:
        """Return what makes a hypothesis worse: items that it leaves unexplained, its size, then other messages.

        An exception of the right kind explains an item. If its message is another one, something else may explain it.
        """
        other = 0
        for item in self.items:
            if isinstance(item.theirs, Failed) and self.explains(mix, item):
                ours = self.says(mix, item)
                other += not (isinstance(ours, Failed) and ours.says_as(item.theirs))
        return len(self.unexplained(mix)), len(mix), other

    def _extensions(self, mix: Mix, item: Item, seen: set[Mix]) -> list[Mix]:
        """Return the programs with one misconception more that explain an item."""
        if len(mix) >= MOST:
            return []
        # If the assumed misconceptions change nothing here, the new one must explain the item alone.
        alone = agree(self.says(mix, item), item.right)
        larger = (self.programs.with_form(mix, number) for number in self._candidates(item, alone=alone))
        return [one for one in self._affordable(larger) if self._is_better(one, mix, item, seen)]

    def _pairs(self, item: Item, seen: set[Mix]) -> list[Mix]:
        """Return the programs of two misconceptions that explain an item."""
        active = self._candidates(item, alone=False)
        several = (self.programs.with_form((first,), second) for first, second in itertools.combinations(active, 2))
        return [one for one in self._affordable(several) if self._is_better(one, RIGHT, item, seen)]

    def _affordable(self, several: Iterable[Mix | None]) -> Iterator[Mix]:
        """Yield the programs until too many combinations have been tried; a single misconception is always tried."""
        for one in several:
            if one is None:
                continue
            if len(one) > 1:
                if self._combined >= COMBINATIONS:
                    return
                self._combined += 1
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
        classes = self.programs.classes(item.call, self.deadline)
        fitting = [one for answer, forms in classes if agree(part_of(answer, item.part), item.theirs) for one in forms]
        return self.programs.one_of_each_kind(fitting)
