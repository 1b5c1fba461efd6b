"""The corpus of Keras programs. `python -m benchmarks.keras_programs` grades it, which takes an hour."""

import ast

import pytest
from grader.course.yaml_file import tree_of

from benchmarks.keras_programs import FOLDER, programs
from grader.course import load_course
from tests.grading import ROOT

PROGRAMS = list(programs([]))
TRUTH = tree_of(FOLDER / "truth.yaml")


@pytest.fixture(scope="module")
def course():
    return load_course(ROOT)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: f"{program.key[:2]}-{program.name}")
def test_each_program_defines_the_functions_of_its_exercise(program, course):
    defined = {node.name for node in ast.parse(program.text).body if isinstance(node, ast.FunctionDef)}
    asked = set(course.find(program.key).rubric.functions)
    assert asked <= defined
    assert program.right or program.function in asked


def test_there_are_enough_of_them():
    assert sum(one.right for one in PROGRAMS) >= 40
    assert sum(not one.right for one in PROGRAMS) >= 30


def test_the_truth_names_misconceptions_that_exist(course):
    wrong = {(one.key, one.name): one.function for one in PROGRAMS if not one.right}
    assert {(key, name) for key, names in TRUTH.items() for name in names} == set(wrong)
    for key, names in TRUTH.items():
        known = {one.id: one.function for one in course.find(key).misconceptions()}
        assert {id for ids in names.values() for id in ids} <= set(known)
