"""All faults of a rubric are reported at once, each with its line."""

import os
from pathlib import Path

import pytest

from grader.course import CourseError, ResultSpec, read_rubric
from grader.course.yaml_file import BYTES_LIMIT
from grader.submission.intake import FaultyFileError

GOOD = """\
exercise: 01_toy
title: A toy
module: toy
functions:
  double: [y]
  split: ["half:number", "rest:number"]
criteria:
  - id: doubles
    title: Doubles every number
    function: double
    points: 2
    checks: [test_double]
    hints: {question: What is two and two?, probe: Try a one., name: doubling}
  - id: extra
    title: Splits
    function: split
    points: 1
    bonus: true
    checks: [test_split, test_split_odd]
    hints:
      question: Half of three?
      probe: Try three.
      name: halving
"""


def faults_of(tmp_path, text):
    path = tmp_path / "01_toy.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as caught:
        read_rubric(path)
    return [f"{fault.line}: {fault.message}" for fault in caught.value.faults]


def test_a_good_rubric(tmp_path):
    path = tmp_path / "01_toy.yaml"
    path.write_text(GOOD)
    rubric = read_rubric(path)
    assert rubric.possible == 2
    assert rubric.functions["split"] == (ResultSpec(name="half", kind="number"), ResultSpec(name="rest", kind="number"))
    assert rubric.criterion_of("test_split_odd").id == "extra"
    assert rubric.criterion_of("test_none") is None
    assert rubric.forbidden_imports == {}


def test_a_rubric_forbids_modules_and_says_why(tmp_path):
    path = tmp_path / "01_toy.yaml"
    path.write_text(GOOD + "forbidden_imports:\n  scipy.signal: it does the convolution for you\n")

    assert read_rubric(path).forbidden_imports == {"scipy.signal": "it does the convolution for you"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("scipy signal: no", "25: `forbidden_imports.scipy signal`: String should match pattern '^[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*$'"),
        ("scipy.: no", "25: `forbidden_imports.scipy.`: String should match pattern '^[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*$'"),
        ("scipy: ''", "25: `forbidden_imports.scipy`: String should have at least 1 character"),
        ("scipy:", "25: `forbidden_imports.scipy`: Input should be a valid string"),
    ],
)  # fmt: skip
def test_a_forbidden_name_is_a_module_with_a_reason(tmp_path, line, fault):
    assert faults_of(tmp_path, GOOD + f"forbidden_imports:\n  {line}\n") == [fault]


def test_an_error_has_the_form_of_a_compiler_message(tmp_path):
    path = tmp_path / "01_toy.yaml"
    path.write_text(GOOD.replace("points: 2", "points: -2"))
    with pytest.raises(CourseError) as caught:
        read_rubric(path)
    assert str(caught.value) == f"{path}:11: `criteria.0.points`: Input should be greater than 0"


def test_all_faults_at_once_each_with_its_line(tmp_path):
    text = GOOD.replace("points: 2", "points: many").replace("    title: Splits\n", "").replace("bonus", "bonsu")
    assert faults_of(tmp_path, text) == [
        "11: `criteria.0.points`: Input should be a valid number, unable to parse string as a number",
        "14: `criteria.1.title` is missing",
        '17: `criteria.1.bonsu` is not a key of a rubric. Did you mean "bonus"?',
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("id: extra", "id: doubles", '1: two criteria have the id "doubles"'),
        ("function: split", "function: splot", '1: criterion "extra" is about "splot", which is not in `functions`. Did you mean "split"?'),
        ("[test_split, ", "[test_double, ", '1: the check "test_double" feeds both "doubles" and "extra"'),
        ("id: extra", "id: Extra_1", "14: `criteria.1.id`: String should match pattern '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'"),
        ("half:number", "half:colour", "6: `functions.split.0.kind`: Input should be 'array', 'number' or 'any'"),
    ],
)  # fmt: skip
def test_a_name_that_a_rubric_cannot_have(tmp_path, before, after, fault):
    assert faults_of(tmp_path, GOOD.replace(before, after)) == [fault]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: is empty; expected the keys of a rubric"),
        ("- a\n", "1: contains a list; expected the keys of a rubric"),
        ("a: &a [1]\nb: [*a, *a]\n", "2: uses the YAML alias *a; write the value out instead"),
        (f"a: {'[' * 101}{']' * 101}\n", "1: is nested too deeply; expected a few levels"),
        (f"a: {'{b: ' * 50_000}\n", "1: is nested too deeply; expected a few levels"),
        (f"{'- ' * 50_000}x\n", "1: is nested too deeply; expected a few levels"),
        (f"a: {'1' * 5000}\n", "1: is not YAML: found a value that cannot be read"),
        ("b: 1\na: !!int x\n", "2: is not YAML: found a value that cannot be read"),
        ("a: !!timestamp x\n", "1: is not YAML: found a value that cannot be read"),
        ("? [1]\n: 2\n", "1: is not YAML: found a list or a mapping as a key"),
        ("title: [a\nmodule: b\n", "2: is not YAML: did not find expected ',' or ']'"),
        ("a: 1\na: 2\n", "2: is not YAML: found the key 'a' twice"),
        (b"title: x\nmodule: \xff\n", "2: is not UTF-8: byte 0xff"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_rubric(tmp_path, text, fault):
    assert faults_of(tmp_path, text) == [fault]


def test_a_file_that_is_missing():
    with pytest.raises(CourseError) as caught:
        read_rubric(Path("nowhere.yaml"))
    assert str(caught.value) == "nowhere.yaml:1: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("checks: [test_double]", "checks: []", "12: `criteria.0.checks` has 0 entries, expected at least 1"),
        ("double: [y]", "double: []", "5: `functions.double` has 0 entries, expected at least 1"),
    ],
)
def test_a_list_that_is_too_short_is_a_fault(tmp_path, old, new, fault):
    assert faults_of(tmp_path, GOOD.replace(old, new)) == [fault]


@pytest.mark.parametrize("kind", [CourseError, FaultyFileError])
def test_an_error_without_a_fault_cannot_be_made(kind):
    with pytest.raises(ValueError) as caught:
        kind([])
    assert str(caught.value) == "an error needs at least one fault"


def test_a_file_larger_than_any_rubric_is_not_parsed(tmp_path):
    """The parser would need minutes for a data set."""
    assert faults_of(tmp_path, "a: 1\n" * BYTES_LIMIT) == ["1: is larger than 512 KiB; is it the right file?"]


@pytest.mark.parametrize(("make", "what"), [(Path.mkdir, "a folder"), (os.mkfifo, "not an ordinary file")])
def test_a_folder_or_a_pipe_is_not_opened(make, what, tmp_path):
    make(tmp_path / "rubric.yaml")
    with pytest.raises(CourseError) as caught:
        read_rubric(tmp_path / "rubric.yaml")
    assert str(caught.value) == f"{tmp_path / 'rubric.yaml'}:1: is {what}; expected a YAML file"
