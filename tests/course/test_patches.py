"""The programs of the misconceptions: each patch applies, each is wrong, and no two misconceptions are one program."""

from collections import defaultdict

import numpy as np
import pytest

from grader.authoring.patches import patch_faults
from grader.course import Patch
from grader.diagnosis.answers import Failed, answer_of
from grader.diagnosis.exploration import questions_of
from tests.diagnosis.judging import calls_of
from tests.grading import COURSE

ELEMENTS = 3_000
PATCHED = [
    exercise
    for exercise in COURSE
    if any(isinstance(form, Patch) for one in exercise.misconceptions() for form in one.programs(one.function))
]
CONVENTIONS = {one.id for exercise in PATCHED for one in exercise.misconceptions() if one.severity == "convention"}
FUNCTIONS = [
    (exercise, function)
    for exercise in PATCHED
    for function in exercise.rubric.functions
    if function in exercise.calls() and any(one.programs(function) for one in exercise.misconceptions())
]


def said(program, call):
    """Return what a program answers in a form that can be compared; an exception is its kind and its message."""
    answer = answer_of(program, call)
    if isinstance(answer, Failed):
        return answer.kind, answer.message
    return answer and tuple((part.shape, (np.round(part.astype(float), 6) + 0.0).tobytes()) for part in answer)


def programs_of(exercise, function):
    """Return each program of each misconception."""
    return [
        (one.id, form, exercise.program(function, form))
        for one in exercise.misconceptions()
        for form in one.programs(function)
    ]


def alike(programs, calls):
    """Return the programs in groups that answer all calls alike, by their answers."""
    groups = defaultdict(list)
    for name, form, program in programs:
        groups[tuple(said(program, call) for call in calls)].append((name, form, program))
    return groups


@pytest.fixture(scope="module", params=FUNCTIONS, ids=lambda one: f"{one[0].key}-{one[1]}")
def told_apart(request):
    """Return the groups of programs that no call tells apart, and our reference's answers.

    The calls are those with at most one aspect. Programs that they do not tell apart are asked all others.
    """
    exercise, function = request.param
    reference, family = getattr(exercise.reference(), function), exercise.calls()[function]
    plain, pairs = ([q.call for n in aspects for q in questions_of(family, reference, n)] for aspects in ((0, 1), (2,)))
    of_checks = [one for one in calls_of(exercise.key, function, reference)[0] if one.elements < ELEMENTS]
    right = tuple(said(reference, call) for call in plain)
    found = []
    for answers, group in alike(programs_of(exercise, function), plain).items():
        if len({name for name, _, _ in group}) > 1 or answers == right:
            found += [(tuple(said(reference, call) for call in (*pairs, *of_checks)) == more and answers == right, same)
                      for more, same in alike(group, (*pairs, *of_checks)).items()]  # fmt: skip
    return found


@pytest.mark.thorough  # `grade course check` asks the same
@pytest.mark.parametrize("exercise", PATCHED, ids=lambda one: one.key)
def test_each_patch_applies(exercise):
    assert list(patch_faults(exercise, exercise.reference())) == []


@pytest.mark.thorough
def test_each_program_is_wrong(told_apart):
    """A convention is not wrong: only calls that the stub leaves open show it."""
    right = [(name, form) for is_right, group in told_apart if is_right for name, form, _ in group]

    assert [(name, form) for name, form in right if name not in CONVENTIONS] == []


@pytest.mark.thorough
def test_no_two_misconceptions_are_the_same_program(told_apart):
    several = [{name for name, _, _ in group} for is_right, group in told_apart if not is_right]

    assert [names for names in several if len(names) > 1] == []
