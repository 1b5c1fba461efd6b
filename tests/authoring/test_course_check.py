"""A course with one fault: it is reported with its file and line."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring.course_check import examine, examine_folders
from grader.authoring.variants import Variants
from grader.course import load_course
from grader.sandbox import Isolation, IsolationError, Zygote

TOY = Path(__file__).parents[1] / "samples" / "toy_course"
RUBRIC = "rubrics/01_double.yaml"
CHECKS = "tests/hidden/01_double/test_double.py"
STUB = "exercises/01_double/double.py"
REFERENCE = "solutions/01_double/double.py"
HALVES = '@pytest.mark.criterion("halves", alone="no belief about halves is known")'
MISCONCEPTIONS = "solutions/01_double/misconceptions.py"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    return (tmp_path / "toy").resolve()


@pytest.fixture
def change(course):
    """`change(path, old, new)` replaces text in a file of the course."""

    def _change(path, old, new):
        text = (course / path).read_text()
        assert old in text
        (course / path).write_text(text.replace(old, new, 1))

    return _change


@pytest.fixture
def faults(course):
    """`faults()` returns what is wrong with the exercise as `path:line: message`."""

    def _faults():
        checkup = examine(load_course(course).find("1"), seeds=(0, 1))
        return [str(fault).removeprefix(f"{course}/") for fault in checkup.faults]

    return _faults


def test_nothing_is_wrong_with_the_sample(course):
    checkup = examine(load_course(course).find("1"))

    assert checkup.faults == ()
    assert (checkup.possible, checkup.possible_bonus) == (5, 1)
    assert (checkup.criteria, checkup.checks, checkup.misconceptions) == (3, 5, 2)
    assert examine_folders(load_course(course)) == ()


def test_a_rubric_with_several_faults(change, faults):
    change(RUBRIC, "title: Doubling", "titel: Doubling")
    change(RUBRIC, "points: 3", "points: none")

    assert [fault.partition(": ")[0] for fault in faults()] == [f"{RUBRIC}:1", f"{RUBRIC}:2", f"{RUBRIC}:12"]


def test_a_check_that_is_not_defined(change, faults):
    change(CHECKS, "def test_split_odd(", "def check_split_odd(")

    assert faults() == [
        f'{RUBRIC}:24: criterion "splits" lists the check "test_split_odd", which {CHECKS} does not define.'
    ]


def test_a_misspelt_check_is_reported_in_the_rubric_and_in_the_tests(change, faults):
    change(RUBRIC, "test_split_odd", "test_split_ood")

    assert faults() == [
        f'{RUBRIC}:24: criterion "splits" lists the check "test_split_ood", which {CHECKS} does not define. '
        'Did you mean "test_split_odd"?',
        f'{CHECKS}:28: the check "test_split_odd" belongs to no criterion of {RUBRIC}. Did you mean "test_split_ood"?',
    ]


def test_a_check_in_a_flow_sequence_has_its_line_too(change, faults):
    change(RUBRIC, "[test_halve]", "[test_halve,\n             test_halves]")

    assert faults()[0].startswith(f'{RUBRIC}:35: criterion "halves" lists the check "test_halves"')


def test_a_check_without_a_marker(change, faults):
    change(CHECKS, HALVES + "\n", "")

    assert faults() == [f'{CHECKS}:34: the check "test_halve" has no marker, expected @pytest.mark.criterion("halves")']


def test_a_marker_that_contradicts_the_rubric(change, faults):
    change(CHECKS, HALVES, '@pytest.mark.criterion("splits", alone="none")')

    assert faults() == [
        f'{CHECKS}:35: the check "test_halve" is marked with the criterion "splits", '
        f'and {RUBRIC} lists it under "halves"'
    ]


@pytest.mark.parametrize(
    ("docstring", "complaint"),
    [
        ("", "is missing"),
        ('"""Halves any number"""', "does not end with a full stop"),
        ('"""Halves any number. Even odd ones."""', "is more than one sentence"),
        ('"""Halves any\n    number.\n    """', "does not fit on one line"),
        ('"""Halves `x`. Doubles `y`."""', "is more than one sentence"),
    ],
)
def test_a_docstring_that_is_not_one_sentence(change, faults, docstring, complaint):
    change(CHECKS, '"""Halves any number."""', docstring)

    assert faults() == [
        f'{CHECKS}:35: the docstring of the check "test_halve" {complaint}: it is the line that a learner reads'
    ]


@pytest.mark.parametrize(
    "docstring", ['"""Halves 0.5 and 1. / 3."""', '"""Halves x.\n\n    Two sentences. For the author.\n    """']
)
def test_a_docstring_that_is_one_sentence(change, faults, docstring):
    change(CHECKS, '"""Halves any number."""', docstring)

    assert faults() == []


def test_a_function_without_a_criterion(change, faults):
    change(RUBRIC, "  halve: [y]\n", "  halve: [y]\n  third: [y]\n")
    change(STUB, "def halve", "def third(x):\n    raise NotImplementedError\n\n\ndef halve")
    change(REFERENCE, "def halve", "def third(x):\n    return x / 3\n\n\ndef halve")

    assert faults() == [f'{RUBRIC}:8: no criterion is about the function "third"']


@pytest.mark.parametrize("path", [STUB, REFERENCE, CHECKS])
def test_a_missing_file(course, faults, path):
    (course / path).unlink()

    assert faults() == [f"{path}:1: is missing"]


@pytest.mark.parametrize("path", [STUB, REFERENCE, CHECKS])
def test_a_file_that_python_cannot_read(course, faults, path):
    (course / path).write_text("x = 1\ny = (\n")

    assert faults() == [f"{path}:2: Python cannot read this line: '(' was never closed"]


def test_a_file_that_is_not_utf8(course, faults):
    (course / STUB).write_bytes(b"x = 1\ny = '\xff'\n")

    assert faults() == [f"{STUB}:2: is not UTF-8"]


@pytest.mark.parametrize("path", [STUB, REFERENCE, MISCONCEPTIONS])
def test_a_file_that_cannot_be_imported(course, faults, path):
    (course / path).write_text("x = 1\ny = 1 / 0\n")

    assert faults() == [f"{path}:2: cannot be imported: ZeroDivisionError: division by zero"]


def test_hidden_tests_that_cannot_be_collected(change, faults):
    change(CHECKS, "import numpy as np\n", "import numpy as np\nimport not_there\n")

    (fault,) = faults()
    assert fault.startswith(f"{CHECKS}:1: its hidden tests cannot be collected")


def test_a_reference_without_a_function(change, faults):
    change(REFERENCE, "def halve", "def halves")

    assert faults() == [f'{REFERENCE}:1: does not define "halve", which the rubric lists. Did you mean "halves"?']


def test_a_reference_that_loses_points(change, faults):
    change(REFERENCE, "n - n // parts", "n // parts")

    (fault, *_) = faults()
    assert fault == (
        f'{CHECKS}:28: the reference does not pass the check "test_split_odd" with seed 0: '
        "5 became 2 and 2, expected 2 and 3"
    )


def test_a_check_that_crashes(change, faults):
    change(CHECKS, "x = rng.normal(size=4)", "x = 1 / 0")

    messages = "\n".join(faults())
    assert (
        f'{CHECKS}:35: the reference does not pass the check "test_halve" with seed 0: '
        "ZeroDivisionError: division by zero (test_double.py:37)"
    ) in messages
    assert 'the check "test_halve" crashes on the stub: ZeroDivisionError' in messages


def test_a_stub_without_a_function(change, faults):
    change(STUB, "def split(", "def spilt(")

    assert faults() == [f'{STUB}:1: does not define "split", which a learner must write. Did you mean "spilt"?']


@pytest.mark.parametrize(
    "signature", ["split(n, parts=3)", "split(n)", "split(n, part=2)", "split(parts=2, n=1)", "split(n, *, parts=2)"]
)
def test_a_stub_with_a_different_signature(change, faults, signature):
    change(STUB, "split(n, parts=2)", signature)

    assert faults() == [f"{STUB}:8: {signature} differs from the reference, expected split(n, parts=2)"]


def test_annotations_make_no_difference(change, faults):
    change(STUB, "split(n, parts=2)", "split(n: int, parts: int = 2) -> tuple[int, int]")

    assert faults() == []


def test_a_stub_that_earns_points(change, faults):
    change(STUB, 'raise NotImplementedError("Task 2: write split")', "return 3, 3")
    change(STUB, 'raise NotImplementedError("Task 3: write halve")', "return x / 2")

    assert faults() == [
        f'{STUB}:8: the stub earns 1 of 2 points of criterion "splits"; it must earn none',
        f'{STUB}:12: the stub earns 1 of 1 points of criterion "halves"; it must earn none',
    ]


def test_a_mistake_that_no_check_fails(change, faults):
    change(MISCONCEPTIONS, "plus_two=True", "plus_two=False")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" in "double" loses no points: no check fails for it'
    ]


def test_a_mistake_that_costs_points_elsewhere(change, faults):
    change(CHECKS, "submission.halve(x), reference", "submission.double(x) / 4, reference")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" in "double" loses points in '
        'criterion "halves", which is about "halve"'
    ]


def test_a_convention_that_costs_points(change, faults):
    change(CHECKS, "{first, second} == {2, 3}", "(first, second) == (2, 3)")
    change(CHECKS, ', malformed="any order"', "")

    assert faults() == [
        f'{MISCONCEPTIONS}:29: the misconception "split.larger-first" in "split" is a convention, '
        'and loses points in criterion "splits"; expected it to cost nothing'
    ]


CHARGED = 'criteria={"double": "doubles"}'
TRIPLE = """
    Misconception("double.triple", "double", "b", "q?", "p", "n", partial(wrong_double, triple=True)),
)
"""


@pytest.fixture
def with_another_mistake(course):
    """Add a mistake that names no criterion."""
    text = (course / MISCONCEPTIONS).read_text()
    text = text.replace("plus_two=False):\n", "plus_two=False, triple=False):\n    if triple:\n        return 3 * x\n")
    (course / MISCONCEPTIONS).write_text(text.removesuffix(")\n") + TRIPLE.lstrip("\n"))


@pytest.mark.usefixtures("with_another_mistake")
def test_a_mistake_that_names_no_criterion(faults):
    assert faults() == [
        f'{MISCONCEPTIONS}:40: the misconception "double.triple" names no criterion for "double"; '
        "expected the id of one in `criteria`"
    ]


@pytest.mark.usefixtures("with_another_mistake")
def test_mistakes_need_no_criterion_if_none_of_the_exercise_names_one(change, faults):
    change(MISCONCEPTIONS, f"        {CHARGED},\n", "")

    assert faults() == []


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        (
            '{"double": "doubels"}',
            'names the criterion "doubels", which the rubric does not list. Did you mean "doubles"?',
        ),
        ('{"double": "halves"}', 'names the criterion "halves" for "double"; that criterion is about "halve"'),
        ('{"double": "doubles", "halve": "halves"}', 'names a criterion for "halve"; it is about double'),
    ],
)
def test_a_mistake_that_names_a_wrong_criterion(change, faults, criteria, message):
    change(MISCONCEPTIONS, CHARGED, f"criteria={criteria}")

    found = [fault for fault in faults() if "is charged to" not in fault]
    assert found == [f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" {message}']


def test_a_mistake_that_loses_nothing_where_it_is_charged(change, faults):
    change(MISCONCEPTIONS, CHARGED, 'criteria={"double": "other"}')
    change(RUBRIC, "  - id: splits", OTHER + "  - id: splits")
    change(
        CHECKS, '@pytest.mark.criterion("doubles")\n', '@pytest.mark.criterion("other", alone="doubling 2 adds 2")\n'
    )
    change(CHECKS, "rng.normal(size=(3, 2))", "np.full(3, 2.0)")
    change(RUBRIC, "[test_double_by_hand, test_double]", "[test_double_by_hand]")

    (fault,) = [fault for fault in faults() if "is charged to" in fault]
    assert fault == (
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" in "double" is charged to the criterion "other" and loses no '
        "points there; it loses them in doubles"
    )


OTHER = """  - id: other
    title: Doubles two
    function: double
    points: 1
    checks: [test_double]
    hints: {question: "What is 2 + 2?", probe: Try 2., name: addition}
"""


def test_a_mistake_that_loses_points_in_many_criteria_is_a_fault_of_the_course(change, course, faults):
    for number in range(3):
        change(
            RUBRIC,
            "  - id: splits",
            OTHER.replace("other", f"other{number}").replace("test_double", f"test_{number}") + "  - id: splits",
        )
        check = f'@pytest.mark.criterion("other{number}")\ndef test_{number}(submission, reference, rng):\n    """Doubles."""\n'
        body = "    x = rng.normal(size=3)\n    assert_close(submission.double(x), reference.double(x))\n\n\n"
        change(CHECKS, '@pytest.mark.criterion("halves"', f'{check}{body}@pytest.mark.criterion("halves"')

    exercise = load_course(course).find("1")
    matrix = examine(exercise).matrix
    (row, _) = matrix.variants
    assert row.own == "doubles"
    assert row.loses_beyond == row.fails_beyond == ("other0", "other1", "other2")
    assert faults() == []  # it leaves nothing right, so nothing is given back, and it is counted apart
    assert (matrix.ruinous, matrix.costly) == ((row,), ())

    matrix = replace(matrix, variants=(replace(row, leaves_right=True),))
    (fault,) = Variants(exercise, None, 0).too_costly(matrix)
    assert str(fault) == (
        f"{course / MISCONCEPTIONS}:1: 1 of 1 mistakes that leave something right lose points in more than two criteria, "
        "expected at most 10%: "
        "double.plus-two"
    )


def test_a_misconception_about_an_unknown_function(change, faults):
    change(MISCONCEPTIONS, 'function="double"', 'function="doubel"')

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" is about "doubel", '
        'which the rubric does not list. Did you mean "double"?'
    ]


def test_two_misconceptions_with_one_id(change, faults):
    change(MISCONCEPTIONS, '"split.larger-first"', '"double.plus-two"')

    assert faults() == [f'{MISCONCEPTIONS}:19: two misconceptions have the id "double.plus-two"']


def test_an_exercise_without_misconceptions(course, faults):
    (course / MISCONCEPTIONS).unlink()

    assert faults() == []


def test_folders_without_a_rubric(course):
    for folder in ("exercises/02_pooling", "solutions/01_doubel", "tests/hidden/03_x"):
        (course / folder).mkdir()
    (course / "solutions" / "__pycache__").mkdir()

    messages = [str(fault).removeprefix(f"{course}/") for fault in examine_folders(load_course(course))]

    assert messages == [
        "exercises/02_pooling:1: there is no rubrics/02_pooling.yaml for it.",
        'solutions/01_doubel:1: there is no rubrics/01_doubel.yaml for it. Did you mean "01_double"?',
        "tests/hidden/03_x:1: there is no rubrics/03_x.yaml for it.",
    ]


def test_rubrics_that_are_not_read(course):
    for name in ("02_pooling.yml", "3_dropout.yaml", "notes.txt"):
        (course / "rubrics" / name).write_text("")

    messages = [str(fault).removeprefix(f"{course}/") for fault in examine_folders(load_course(course))]

    assert messages == [
        "rubrics/02_pooling.yml:1: is not read: expected a name such as 03_dropout.yaml",
        "rubrics/3_dropout.yaml:1: is not read: expected a name such as 03_dropout.yaml",
    ]


def test_two_exercises_with_one_number(course):
    shutil.copy(course / RUBRIC, course / "rubrics" / "01_again.yaml")

    messages = [str(fault).removeprefix(f"{course}/") for fault in examine_folders(load_course(course))]

    assert messages == ["rubrics/01_double.yaml:1: has the same number as 01_again"]


def test_the_kill_matrix_of_the_sample(course):
    matrix = examine(load_course(course).find("1")).matrix
    found = [(one.id, one.failed, one.taken_for) for one in matrix.variants]

    assert found == [
        ("double.plus-two", ("test_double_by_hand", "test_double"), "itself"),
        ("split.larger-first", (), "not asked"),
    ]
    assert (len(matrix.mistakes), matrix.killed, matrix.named) == (1, 1, 1)
    assert [check.name for check in matrix.idle] == ["test_split_even", "test_split_odd", "test_halve"]


def test_a_check_that_fails_for_no_misconception(change, faults):
    change(CHECKS, ', alone="no belief about halves is known"', "")

    assert faults() == [
        f'{CHECKS}:35: the check "test_halve" fails for no misconception; '
        'expected one, or alone="why it exists" in its marker'
    ]


def test_a_check_that_fails_for_a_misconception_although_its_marker_denies_it(change, faults):
    change(CHECKS, 'criterion("doubles", ', 'criterion("doubles", alone="nobody believes it", ')

    assert faults() == [f'{CHECKS}:8: the check "test_double_by_hand" says why no misconception fails it, but one does']


def test_two_misconceptions_with_the_same_answers(course, change, faults):
    change(
        MISCONCEPTIONS,
        "MISCONCEPTIONS = (",
        "MISCONCEPTIONS = (\n    Misconception("
        '"double.adds", "double", "Adds.", "Why?", "Double 3.", "Times.", partial(wrong_double, plus_two=True), '
        'criteria={"double": "doubles"}),',
    )

    assert faults() == [  # both give the same answers, so neither is named
        f'{MISCONCEPTIONS}:{line}: the misconception "{name}" in "double" is not diagnosed; '
        'it must be diagnosed as itself. A call family for "double" in calls.py may help'
        for line, name in ((18, "double.adds"), (20, "double.plus-two"))
    ]
    assert {one.taken_for for one in examine(load_course(course).find("1")).matrix.mistakes} == {"nothing"}


def test_a_mistake_within_ten_times_the_tolerance(change, faults):
    change(MISCONCEPTIONS, "return x + 2 if plus_two else 2 * x", "return 2 * x + (2e-11 if plus_two else 0)")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" in "double" is not diagnosed; '
        'it must be diagnosed as itself. A call family for "double" in calls.py may help',
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" in "double" passes if tolerances are 10 times wider',
    ]


def test_a_hint_with_a_piece_of_the_solution(change, faults):
    change(REFERENCE, "return n // parts, n - n // parts", "return n // parts, n - n // parts + 0 * 7")
    change(RUBRIC, "probe: Split 5.", 'probe: "Try n // parts, n - n // parts + 0"')

    assert faults() == [f'{RUBRIC}:27: the hint contains a piece of the solution: "n / / parts , n - n"']


def test_a_message_that_says_nothing(change, faults):
    change(CHECKS, "    x = rng.normal(size=(3, 2))\n    assert_close(submission.double(x), reference.double(x))",
           "    y, x = submission.double(x := rng.normal(size=6)), x\n"
           "    assert y.shape == x.shape and np.allclose(y, 2 * x, 1e-4), 'wrong'")  # fmt: skip

    assert faults() == [
        f'{CHECKS}:14: the check "test_double" fails for "double.plus-two", and its message names neither the expected '
        "value nor the input"
    ]


def test_alternative_right_answers(course, faults):
    folder = course / "tests/right_answers/01_double"
    folder.mkdir(parents=True)
    text = (course / REFERENCE).read_text()
    for name in ("a", "b", "c"):
        (folder / f"{name}.py").write_text(text)
    (folder / "c.py").write_text(text.replace("n - n // parts", "n"))

    shown = folder.relative_to(course)
    assert faults() == [
        f"{shown}:1: contains 3 right answers, expected 4 in different styles",
        *(
            f'{shown}/c.py:1: earns 0 of 2 points of criterion "splits" with seed {seed}; it must earn all'
            for seed in (0, 1)
        ),
    ]


SENT = "submission.halve(x)"


@pytest.mark.parametrize("argument", ["2**63", "{1, 2}", "lambda: x", "[2**70] * 3", "object()"])
def test_an_argument_that_cannot_be_sent_to_a_submission(change, faults, argument):
    change(CHECKS, SENT, f"submission.halve({argument})")

    on_stub, on_reference = faults()
    assert on_stub.startswith(f'{CHECKS}:35: the check "test_halve" crashes on the stub: UnsendableError: Cannot send ')
    assert on_reference.startswith(
        f'{CHECKS}:35: the reference does not pass the check "test_halve" with seed 0: UnsendableError: Cannot send '
    )


def test_an_answer_that_is_too_long(change, faults):
    change(CHECKS, SENT, "submission.halve([(i, i) for i in range(20_000)])[0]")
    change(CHECKS, "reference.halve(x)", "reference.halve([(i, i) for i in range(20_000)])[0]")
    change(REFERENCE, "return x / 2", "return [[a / 2, b / 2] for a, b in x] if isinstance(x, list) else x / 2")

    assert faults()[0] == (
        f'{CHECKS}:35: the reference does not pass the check "test_halve" with seed 0: '
        "halve returned a list of length 20000 for y, expected an array"
    )


def test_a_result_of_the_reference_that_cannot_be_sent(change, faults):
    change(REFERENCE, "return x / 2", "return {float(part) for part in x}")

    assert faults()[0] == (
        f'{CHECKS}:35: the reference does not pass the check "test_halve" with seed 0: '
        "halve returned an object of type set for y, expected an array"
    )


def test_a_package_that_the_sandbox_does_not_have(change, faults):
    change(REFERENCE, "return x / 2", "import yaml\n\n    yaml.safe_load('1')\n    return x / 2")

    found = faults()
    assert found[0].startswith(f'{CHECKS}:35: the reference does not pass the check "test_halve" with seed 0: ')
    assert "yaml" in found[0]


def test_a_constant_of_the_module_as_a_default(change, faults):
    change(REFERENCE, "def split(n, parts=2)", "PARTS: int = 2\n\n\ndef split(n: 'int', parts=PARTS)")

    assert faults() == []


def test_a_machine_without_a_sandbox(course, monkeypatch):
    def refuse(flavour, isolation, hidden=(), *rest):
        if isolation is Isolation.NAMESPACES:
            raise IsolationError("no bubblewrap")
        return Zygote(flavour, isolation, hidden, *rest)

    monkeypatch.setattr("grader.grading.worker.Zygote", refuse)
    checkup = examine(load_course(course).find("1"), seeds=(0,))

    assert checkup.faults == ()
    assert checkup.fallback == "no bubblewrap"


TASTE = "solutions/01_double/tastes/plain.py"


@pytest.fixture
def patched(course, change):
    """`patched(old, new)` makes the first misconception a patch of a right program, with this edit."""

    def _patched(old, new, program="def double(x):\n    y = 2 * x\n    return y\n"):
        (course / TASTE).parent.mkdir()
        (course / TASTE).write_text(program)
        change(MISCONCEPTIONS, "import Misconception", "import Misconception, patch")
        change(MISCONCEPTIONS, "partial(wrong_double, plus_two=True)", f'patch("plain", "{old}", "{new}")')

    return _patched


def test_a_misconception_that_is_a_patch(patched, faults):
    patched("2 * x", "x + 2")

    assert faults() == []


def test_a_patch_that_does_not_apply(patched, faults):
    patched("3 * x", "x + 3")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" has a patch for double that fails: '
        "the patch of 'plain' does not apply: there is no '3 * x'"
    ]


def test_a_patch_that_is_not_python(patched, faults):
    patched("2 * x", "x +")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" has a patch for double that fails: '
        "the patched double of plain.py is not Python: invalid syntax"
    ]


def test_a_patch_of_a_function_that_its_taste_does_not_define(patched, faults):
    patched("2 * x", "x + 2", "def split(n, parts=2):\n    return n // parts, n - n // parts\n")

    assert faults() == [
        f'{MISCONCEPTIONS}:19: the misconception "double.plus-two" has a patch for double that fails: '
        "plain.py does not define double"
    ]


def test_a_right_program_that_is_not_right(course, patched, faults):
    patched("2 * x", "x + 2", "def double(x):\n    return 2 * x + (x > 5)\n")
    (course / "solutions/01_double/calls.py").write_text(
        "from grader.course import Aspect, CallFamily\n\n\n"
        "def double(rng, x=1.0):\n    return (x,)\n\n\n"
        'CALLS = {"double": CallFamily(double, (Aspect("the number is large", {"x": 9.0}),))}\n'
    )

    assert faults() == [f"{TASTE}:1: double is not right: if the number is large, it does not answer as the reference"]


def test_a_right_program_that_raises(course, patched, faults):
    patched("2 * x", "x + 2", "import math\n\n\ndef double(x):\n    return 2 * x / (x - x)\n")
    (course / "solutions/01_double/calls.py").write_text(
        "from grader.course import CallFamily\n\n\n"
        "def double(rng):\n    return (1.0,)\n\n\n"
        'CALLS = {"double": CallFamily(double)}\n'
    )

    assert faults() == [
        f"{TASTE}:4: double is not right: for the plainest input, it raises ZeroDivisionError: float division by zero"
    ]
