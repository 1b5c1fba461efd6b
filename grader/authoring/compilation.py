"""Compile a course: compute once what its wrong programs answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grader.course import CallFamily, Exercise
from grader.diagnosis.behaviours import Behaviours, behaviours_path, read_behaviours, write_behaviours
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.experiment import experiment, measured
from grader.diagnosis.exploration import calls_of
from grader.diagnosis.measurements import OfProgram, measurements_as_text
from grader.diagnosis.programs import Programs

STORED_ASPECTS = 1  # with more, the file would have many megabytes


def compile_exercise(exercise: Exercise) -> Path | None:
    """Write what the wrong programs of an exercise answer; return the path, or None if there is nothing to write.

    Raises OSError if the file cannot be written.
    """
    families = exercise.calls()
    misconceptions = exercise.misconceptions()
    found: dict[str, Behaviours] = {}
    for function, family in families.items():
        programs = Programs(exercise, function, misconceptions)
        if not programs.forms:
            continue
        calls = calls_of(family, programs.reference)
        if any(isinstance(value, np.random.Generator) for call in calls for value in call.arguments):
            found[function] = Behaviours(measurements=measurements_as_text(_measured(exercise, programs, family)))
            continue
        plain = {one.fingerprint for one in calls_of(family, programs.reference, STORED_ASPECTS)}
        found[function] = programs.compiled(calls, plain)
    return write_behaviours(exercise, found) if found else None


def _measured(exercise: Exercise, programs: Programs, family: CallFamily) -> dict[bytes, OfProgram]:
    """Return what the programs of a random function do in the experiment: answers are compared by their law."""
    function = programs.function
    reference = Program((function, "reference"), programs.reference)
    known = Candidates(exercise, function, exercise.misconceptions())
    several = (one for i in range(len(known.mistakes)) for one in known.programs(i))
    return {one.form: of_program(one, family, reference) for one in (reference, *several)}


def of_program(program: Program, family: CallFamily, reference: Program) -> OfProgram:
    """Return the measurements of one program in all situations."""
    situations = range(len(experiment(family, reference)))
    return tuple(measured(program, family, reference, i) for i in situations)


def needs_compilation(exercise: Exercise) -> bool:
    """Return True if an exercise has calls on which wrong programs can be compared, and wrong programs."""
    return bool(exercise.calls()) and bool(exercise.misconceptions())


def is_current(exercise: Exercise) -> bool:
    """Return True if an exercise needs no compilation, or has a current one."""
    if not needs_compilation(exercise):
        return True
    return behaviours_path(exercise).is_file() and bool(read_behaviours(exercise))
