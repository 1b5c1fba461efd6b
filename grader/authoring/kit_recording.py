"""Record what an exercise of a kit must know: everything that the checks and the diagnosis ask of our programs.

The checks run on the reference, on right programs that call their own functions, and on each misconception, and each
failure is explained. Meanwhile our functions record what they answer. A kit then gives the same answers to the same
questions, so it gives the same scores and explanations. In addition, each wrong program is asked each call of the
diagnosis, for learners with mistakes that no misconception shows.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks import DirectCaller
from grader.checks.session import CheckSession, RunContext
from grader.course import CallFamily, Exercise, Form, PatchError, form_key
from grader.course.kit import MAKE, VALID
from grader.course.recorded_answers import Recording
from grader.diagnosis import Deadline, Recorded, Recorder
from grader.diagnosis.answers import answer_of, same
from grader.diagnosis.behaviours import read_behaviours
from grader.diagnosis.candidates import Candidates
from grader.diagnosis.exploration import calls_of
from grader.diagnosis.law import FEW_VALUES, FEWEST, otherwise
from grader.diagnosis.programs import Programs
from grader.grading.explainer import Explained, Explainer
from grader.sandbox import Caller

FEWEST_ANSWERS = 6

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class ListeningExercise(Exercise):
    """An exercise that works as the one with the same key does, and records what its functions answer.

    `tried` are the wrong programs that were asked for, by function and key; None for two patches of the same text.
    """

    of_reference: Recording = field(default_factory=Recording, compare=False)
    of_programs: Recording = field(default_factory=Recording, compare=False)
    tried: dict[tuple[str, bytes], Form | None] = field(default_factory=dict, compare=False)

    def reference(self) -> ModuleType:
        """Return a module whose functions are those of the reference, and record."""
        return self._reference

    def calls(self) -> Mapping[str, CallFamily]:
        """Return the families of calls; how they make a call is recorded."""
        return self._families

    def program(self, function: str, form: Form) -> Callable[..., Any]:
        """Return a wrong program that records. Raises PatchError."""
        key = form_key(form)
        try:
            program = super().program(function, form)
        except PatchError:
            self.tried[function, key] = None
            raise
        self.tried[function, key] = form
        return self.of_programs.listening(program, function, key)

    @cached_property
    def _reference(self) -> ModuleType:
        ours = super().reference()
        module = ModuleType(ours.__name__)
        for name in self.rubric.functions:
            setattr(module, name, self.of_reference.listening(getattr(ours, name), name))
        return module

    @cached_property
    def _families(self) -> Mapping[str, CallFamily]:
        listening = self.of_programs.listening
        return {
            name: CallFamily(
                listening(one.make, MAKE.format(name)), one.aspects, listening(one.valid, VALID.format(name))
            )
            for name, one in super().calls().items()
        }


@dataclass(frozen=True)
class _Child:
    """Functions of the course in place of a child with a learner's."""

    caller: Caller

    def child_for(self, function: str, seconds: float) -> AbstractContextManager[Caller]:
        return nullcontext(self.caller)


class Rehearser:
    """Grades functions of the course in this process as a worker grades a learner's in a sandbox."""

    def __init__(self, exercise: Exercise, session: CheckSession, seed: int) -> None:
        self._session = session
        self._seed = seed
        self._reference = exercise.reference()
        # A learner's answers can lead to hypotheses in another order, so each one is asked everything.
        deadline = partial(Deadline, math.inf, math.inf)
        self._explainer = Explainer(exercise, uses_keras=False, deadline=deadline, exhaustive=True)

    def explained(self, functions: Functions) -> Explained:
        """Return the outcomes of all checks of these functions, and the explanations of the failures."""
        caller = DirectCaller(functions)
        recorder = Recorder(caller)
        trial = DirectCaller(vars(self._reference))
        outcomes = self._session.run(RunContext(recorder, self._seed, trial=trial, begin=recorder.begin))
        return self._explainer.explain(outcomes, recorder.calls, _Child(caller))


def listened_to(exercise: Exercise, seed: int, tell: Callable[[str], None] = lambda text: None) -> ListeningExercise:
    """Return the exercise with everything recorded that a kit with this seed needs. Call `tell` with what is done."""
    found = ListeningExercise(exercise.key, exercise.root)
    session = CheckSession(found)
    rehearser = Rehearser(found, session, seed)
    ours = {name: getattr(exercise.reference(), name) for name in exercise.rubric.functions}
    of_checks = Recorder(DirectCaller(vars(found.reference())))
    session.run(RunContext(of_checks, seed))
    for functions in _calling(found):
        caller = DirectCaller({**ours, **functions})
        session.run(RunContext(caller, seed))
    variants = list(variants_of(exercise))
    for number, (name, replaced) in enumerate(variants, 1):
        tell(f"{exercise.key}: misconception {number} of {len(variants)}, {name}")
        rehearser.explained({**ours, **replaced})
    _ask_all_programs(found, of_checks.calls)
    _forget_rejected(found)
    return found


def variants_of(exercise: Exercise) -> Iterator[tuple[str, Functions]]:
    """Yield the id of each misconception and its first program, for each of its functions that the rubric lists."""
    for one in exercise.misconceptions():
        for function in (one.function, *one.elsewhere):
            if function in exercise.rubric.functions:
                yield one.id, {function: exercise.program(function, one.programs(function)[0])}


def _calling(exercise: ListeningExercise) -> Iterator[Functions]:
    """Yield right programs in which a function that may call others gets their recorded answers.

    If a learner's function is wrong, those that call it are checked again with ours in its place.
    """
    may_call = exercise.rubric.may_call
    paths = [exercise.reference_path, *sorted(exercise.taste_path("*").parent.glob("*.py"))] if may_call else []
    for path in paths:
        for caller, called in may_call.items():
            namespace = _namespace(path)
            if caller in namespace:
                namespace |= {name: getattr(exercise.reference(), name) for name in called}
                yield {caller: namespace[caller]}


def _namespace(path: Path) -> dict[str, Any]:
    """Run a trusted program again and return its names: its functions look each other up there."""
    namespace: dict[str, Any] = {"__name__": f"calling_{path.stem}"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    return namespace


def _forget_rejected(exercise: ListeningExercise) -> None:
    """Forget the programs of several misconceptions that explained nothing: each failure tries up to 250 of them.

    A search drops such a program after a few questions, and does the same without the program.
    """
    kept = [(name.format(function), b"") for function in exercise.calls() for name in (MAKE, VALID)]
    for one in exercise.misconceptions():
        for function in exercise.rubric.functions:
            kept += [(function, form_key(form)) for form in one.programs(function)]
    exercise.of_programs.forget_rare(kept, FEWEST_ANSWERS)


def _ask_all_programs(exercise: ListeningExercise, of_checks: Mapping[str, Sequence[Recorded]]) -> None:
    """Ask each wrong program each call of the diagnosis. Those that answer alike are asked once.

    The programs of a random function are asked the calls of the checks, which show if they follow one law.
    """
    known = read_behaviours(exercise)
    for function, family in exercise.calls().items():
        programs = Programs(exercise, function, exercise.misconceptions(), known.get(function))
        if programs.measured:
            _ask_by_law(exercise, function, of_checks.get(function, ()))
            continue
        for call in calls_of(family, programs.reference):
            for _ in programs.classes(call):
                pass  # the recording keeps the answer


def _ask_by_law(exercise: ListeningExercise, function: str, calls: Sequence[Recorded]) -> None:
    """Ask the programs of a random function the calls of the checks, with their generators and with another one.

    Programs with many different factors are left out: their numbers would be most of the kit.
    """
    known = Candidates(exercise, function, exercise.misconceptions())
    reference = getattr(exercise.reference(), function)
    again = [otherwise(call) for call in calls]  # asked if the answer does not depend on the generator
    certain = [
        same(answer_of(reference, call), answer_of(reference, one)) for call, one in zip(calls, again, strict=True)
    ]
    asked = [*calls, *itertools.compress(again, certain)]
    constant = (call for call in asked if call.elements >= FEWEST and np.ptp(call.arguments[0]) == 0)
    first = next(constant, None)
    for program in (one for i in range(len(known.mistakes)) for one in known.programs(i)):
        drawn = None if first is None else answer_of(program.function, first)
        if isinstance(drawn, tuple) and any(len(np.unique(part)) > FEW_VALUES for part in drawn):
            continue
        for call in asked:
            answer_of(program.function, call)
