"""Our wrong programs of one function: each form of each misconception, alone or several at once, and their answers."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.course import Exercise, Form, Misconception, Patch, PatchError, UnknownQuestionError
from grader.course.misconception import together
from grader.diagnosis.answers import Failed, answer_of
from grader.diagnosis.behaviours import AS_REFERENCE, Behaviours, behaviours_of
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.recorder import Recorded

Mix = tuple[int, ...]
"""The numbers of the forms that a program combines, in order; empty for the reference."""

RIGHT: Mix = ()
KEPT_ANSWERS = 50_000
KEPT_CLASSES = 500


@dataclass(frozen=True)
class KnownForm:
    """One wrong program of a misconception."""

    misconception: Misconception
    form: Form


class Programs:
    """The wrong programs of one function, and what they answered. It serves one submission after another."""

    def __init__(
        self,
        exercise: Exercise,
        function: str,
        misconceptions: Iterable[Misconception],
        behaviours: Behaviours | None = None,
    ) -> None:
        self._exercise = exercise
        self.function = function
        self.reference = getattr(exercise.reference(), function)
        self.forms = tuple(
            KnownForm(one, form) for one in misconceptions for form in dict.fromkeys(one.programs(function))
        )
        known = behaviours or Behaviours()
        self.measured = known.measured
        self._behaviours = known if len(known.numbers) == len(self.forms) else Behaviours()
        self._compiled: dict[Mix, Callable[..., Any] | None] = {RIGHT: self.reference}
        self._answers: dict[tuple[Mix, bytes], Any] = {}
        self._changed: dict[bytes, list[int]] = {}
        self._groups: dict[bytes, list[tuple[int, list[int]]]] = {}
        self._firsts: dict[bytes, list[Mix]] = {}

    def misconceptions_of(self, mix: Mix) -> tuple[Misconception, ...]:
        """Return the misconceptions that a program combines."""
        return tuple(self.forms[number].misconception for number in mix)

    @cached_property
    def _silent(self) -> list[int]:
        """The forms that no known call shows. Another call is asked about only if the known ones were right."""
        known = self._behaviours.numbers
        return [form for form in range(len(self.forms)) if form >= len(known) or not known[form].any()]

    def with_form(self, mix: Mix, number: int) -> Mix | None:
        """Return a program with one form more; None if they cannot be combined."""
        known = self.forms[number]
        if any(self.forms[other].misconception.id == known.misconception.id for other in mix):
            return None
        place = bisect.bisect(mix, number)
        larger = (*mix[:place], number, *mix[place:])
        return larger if len(larger) == 1 or self._program(larger) is not None else None

    def answer(self, mix: Mix, call: Recorded, deadline: Deadline | None = None) -> Any:
        """Return the answer of a program; None if a kit does not have it.

        Raises TimeUpError at the deadline, and UnknownQuestionError if a kit does not have the answer of the reference.
        """
        mix = self.known_as(mix, call)
        place = (mix, call.fingerprint)
        if place not in self._answers:
            if deadline is not None:
                deadline.check_now_and_then()
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[place] = self._answer(mix, call)
        return self._answers[place]

    def _answer(self, mix: Mix, call: Recorded) -> Any:
        numbers = self._behaviours.of(call.fingerprint) if len(mix) < 2 else None
        if numbers is not None:
            known = self._behaviours.answer(call, int(numbers[mix[0]]) if mix else AS_REFERENCE)
            if known is not None:
                return known
        program = self._program(mix)
        try:
            return None if program is None else answer_of(program, call)
        except UnknownQuestionError:
            if mix == RIGHT:
                raise
            return None  # so that the program explains nothing here

    def known_as(self, mix: Mix, call: Recorded) -> Mix:
        """Return the first program that is known to give the same answer to a call; the program itself if none is."""
        firsts = self.firsts(call) if len(mix) == 1 else ()
        return firsts[mix[0]] if firsts else mix

    def firsts(self, call: Recorded) -> Sequence[Mix]:
        """Return for each form the first program that is known to give its answer; nothing if a call is not known."""
        if call.fingerprint not in self._firsts:
            self._firsts[call.fingerprint] = self._first_programs(call)
        return self._firsts[call.fingerprint]

    def _first_programs(self, call: Recorded) -> list[Mix]:
        numbers = self._behaviours.of(call.fingerprint)
        if len(self._firsts) >= KEPT_CLASSES:
            self._firsts.clear()
        if numbers is None:
            return []
        kinds, first, place = np.unique(numbers, return_index=True, return_inverse=True)
        mixes = [RIGHT if kind == AS_REFERENCE else (one,) for kind, one in zip(kinds, first.tolist(), strict=True)]
        return [mixes[one] for one in place]

    def classes(
        self, call: Recorded, deadline: Deadline | None = None, raised: bool | None = None
    ) -> Iterator[tuple[Any, list[int]]]:
        """Yield the different answers to a call, each with the forms that give it alone.

        If `raised` is given, the caller wants exceptions only, or other answers only. Leave out the rest, without
        running a program, if the file of the course tells them apart.
        """
        for number, forms in self._groups_of(call, deadline):
            known = None if raised is None else self._behaviours.raises(call.fingerprint, number)
            if known is None or known == raised:
                yield self.answer((forms[0],), call, deadline), forms

    def changed_in(self, call: Recorded, deadline: Deadline | None = None) -> list[int]:
        """Return the forms that answer a call differently from the reference, one of each kind."""
        if call.fingerprint not in self._changed:
            groups = self._groups_of(call, deadline)
            if self._behaviours.of(call.fingerprint) is None:
                right = _digest(self.answer(RIGHT, call, deadline))
                changed = [
                    one
                    for _, forms in groups
                    if _digest(self.answer((forms[0],), call, deadline)) != right
                    for one in forms
                ]
            else:  # without running a program
                changed = [one for number, forms in groups if number != AS_REFERENCE for one in forms]
            if len(self._changed) >= KEPT_CLASSES:
                self._changed.clear()
            self._changed[call.fingerprint] = self.one_of_each_kind(changed)
        return self._changed[call.fingerprint]

    def one_of_each_kind(self, forms: Iterable[int]) -> list[int]:
        """Return the forms without those that only repeat another one.

        Two forms are of one kind if they are of one misconception, change the same right program, and give the same
        answers to all known calls.
        """
        kinds: dict[Hashable, int] = {}
        for number in sorted(forms):
            known = self.forms[number]
            base = known.form.taste if isinstance(known.form, Patch) else known.form.func
            kind = self._behaviours.kind(number) or number
            kinds.setdefault((base, known.misconception.id, kind), number)
        return list(kinds.values())

    def _groups_of(self, call: Recorded, deadline: Deadline | None) -> list[tuple[int, list[int]]]:
        """Return the forms that answer a call alike, with the number of their answer."""
        if call.fingerprint not in self._groups:
            if len(self._groups) >= KEPT_CLASSES:
                self._groups.clear()
            self._groups[call.fingerprint] = self._grouped(call, deadline)
        return self._groups[call.fingerprint]

    def _grouped(self, call: Recorded, deadline: Deadline | None) -> list[tuple[int, list[int]]]:
        numbers = self._behaviours.of(call.fingerprint)
        if numbers is not None:
            found: dict[int, list[int]] = {}
            for form, number in enumerate(numbers.tolist()):
                found.setdefault(number, []).append(form)
            return list(found.items())
        by_answer: dict[bytes, list[int]] = {}
        for form in self._silent:
            by_answer.setdefault(_digest(self.answer((form,), call, deadline)), []).append(form)
        return list(enumerate(by_answer.values()))

    def compiled(self, calls: Sequence[Recorded], stored: Collection[bytes]) -> Behaviours:
        """Ask each form each call; store the answers to the calls with these fingerprints.

        In the numbers, a row is a form and a column is a call; 0 is the answer of the reference, which raises nothing.
        """
        table = np.zeros((len(self.forms), len(calls)), np.uint16)
        raising = np.zeros(len(calls), np.uint16)
        answers: dict[tuple[int, int], Any] = {}
        for column, call in enumerate(calls):
            right = self.answer(RIGHT, call)
            given = [self.answer((form,), call) for form in range(len(self.forms))]
            digests = [_digest(one) for one in given]
            distinct = {_digest(right): right}
            for digest, answer in zip(digests, given, strict=True):
                distinct.setdefault(digest, answer)
            ordered = sorted(distinct, key=lambda digest: isinstance(distinct[digest], Failed))
            numbers = {digest: number for number, digest in enumerate(ordered)}
            table[:, column] = [numbers[digest] for digest in digests]
            raising[column] = sum(not isinstance(answer, Failed) for answer in distinct.values())
            if call.fingerprint in stored:
                answers.update({(column, number): distinct[digest] for digest, number in numbers.items()})
        return behaviours_of(calls, table, answers, raising)

    def _program(self, mix: Mix) -> Callable[..., Any] | None:
        if mix not in self._compiled:
            self._compiled[mix] = self._compile(mix)
        return self._compiled[mix]

    def _compile(self, mix: Mix) -> Callable[..., Any] | None:
        form: Form | None = self.forms[mix[0]].form
        for number in mix[1:]:
            form = None if form is None else together(form, self.forms[number].form)
        try:
            return None if form is None else self._exercise.program(self.function, form)
        except (PatchError, UnknownQuestionError):
            return None  # two patches of the same line, or a kit; one that never applies is a fault of the course


def _digest(answer: Any) -> bytes:
    """Return the same bytes for answers that differ in the order of their sums only."""
    if isinstance(answer, Failed):
        return f"{answer.kind}: {answer.message}".encode()
    if not isinstance(answer, tuple):
        return b"none"
    parts = []
    for part in answer:
        with np.errstate(all="ignore"):
            rounded = np.round(part.astype(complex if part.dtype.kind == "c" else float), 7) + 0.0
        parts.append(str(part.shape).encode() + rounded.tobytes())
    return b"|".join(parts)
