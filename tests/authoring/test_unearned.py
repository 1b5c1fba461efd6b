"""A course gives no points for constants, answers of a different seed or malformed answers."""

import shutil
from pathlib import Path

import pytest

from grader.authoring.course_check import examine
from grader.course import load_course

TOY = Path(__file__).parents[1] / "samples" / "toy_course"
CHECKS = "tests/hidden/01_double/test_double.py"
HALVE = "    x = rng.normal(size=4)\n    assert_close(submission.halve(x), reference.halve(x))"
HALVES = 'criterion("halves", '


@pytest.fixture
def course(tmp_path):
    shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    return (tmp_path / "toy").resolve()


@pytest.fixture
def faults(course):
    """`faults((old, new), ...)` changes the checks and returns their faults, each with its line."""

    def _faults(*changes):
        text = (course / CHECKS).read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (course / CHECKS).write_text(text)
        checkup = examine(load_course(course).find("1"), seeds=(0, 1))
        return [str(fault).removeprefix(f"{course}/{CHECKS}:") for fault in checkup.faults]

    return _faults


@pytest.mark.parametrize(
    ("body", "constants"),
    [
        ("    x = rng.normal(size=4)\n    assert_close(submission.halve(0 * x + rng.normal() * 0), 0 * x)", "zeros (float64)"),
        ("    x = 2 + 0 * rng.normal(size=4)\n    assert_close(submission.halve(x), x / 2)", "ones (float64)"),
        ("    y = submission.halve(rng.normal(size=4))\n    assert_that(np.shape(y) == (4,), y, 'y', 'four')", "zeros (float64)"),
        ("    y = submission.halve(rng.normal(size=4))\n    assert_that((np.asarray(y) != 0).all() and np.shape(y) == (4,), y, 'y', 'four')", "ones (float64)"),
        ("    y = submission.halve(x := rng.normal(size=4))\n    assert_that(np.shape(y) == (4,) and not (abs(y - x / 2) > 9).any(), y, 'y', 'near')", "zeros (float64)"),
        ("    y = submission.halve(x := rng.normal(size=4) + 9)\n    assert_that(np.shape(y) == (4,) and not (abs(y - x / 2) > 2).any(), y, 'y', 'near')", "NaN (float64)"),
        ("    y = submission.halve(x := rng.normal(size=4) + 9)\n    assert_that(np.shape(y) == (4,) and (y >= x / 2 - 1e-5).all(), y, 'y', 'near')", "an argument (float64)"),
        ("    y = submission.halve(x := rng.normal(size=4) + 9)\n    assert_that(np.shape(y) == (4,) and (abs(y - x / 2) < 2).all(), y, 'y', 'near')", "the mean of the right answer (float64)"),
    ],
)  # fmt: skip
def test_a_check_that_passes_a_constant_is_named_with_its_line(faults, body, constants):
    found = [fault for fault in faults((HALVE, body)) if "instead of the right answers" in fault]

    assert found == [
        f'35: the check "test_halve" passes {constants} instead of the right answers, which gives 1 point; it must fail'
    ]


BY_HAND = 'assert_close(submission.double(np.array([0.0, 5.0])), [0, 10], because="10 = 2 * 5")'
SHAPE = "y = submission.double(np.zeros(2))\n    assert_that(np.shape(y) == (2,), y, 'y', 'two')"
DOUBLES = 'criterion("doubles", fixed="worked by hand; the next check draws"'


def test_a_check_that_shares_points_may_not_pass_a_constant_whatever_it_says(faults):
    (*_, fault) = faults((BY_HAND, SHAPE), (DOUBLES, f'{DOUBLES}, constants="the next check tests the numbers"'))

    assert fault == (
        '8: the check "test_double_by_hand" passes zeros (float64) instead of the right answers, '
        "which gives 1.5 points; it must fail"
    )


def test_a_check_of_a_criterion_that_must_hold_as_a_whole_may_pass_a_constant_with_a_reason(course, faults):
    rubric = course / "rubrics" / "01_double.yaml"
    rubric.write_text(rubric.read_text().replace("    points: 3\n", "    points: 3\n    whole: true\n"))
    alone = f'{DOUBLES}, alone="only a shape", malformed="only a shape"'

    assert faults((BY_HAND, SHAPE), (DOUBLES, f'{alone}, constants="the next check tests the numbers"')) == []
    assert faults((', constants="the next check tests the numbers"', "")) == [
        '8: the check "test_double_by_hand" passes zeros (float64) instead of the right answers; it must fail, '
        'or say constants="why a constant is right here" in its marker'
    ]


def test_a_whole_criterion_that_constants_earn_is_a_fault_whatever_its_checks_say(course, faults):
    rubric = course / "rubrics" / "01_double.yaml"
    rubric.write_text(rubric.read_text().replace("    points: 1\n", "    points: 1\n    whole: true\n"))
    body = "    y = submission.halve(rng.normal(size=4))\n    assert_that(np.shape(y) == (4,), y, 'y', 'four')"

    assert faults((HALVE, body), (HALVES, f'{HALVES}constants="only the shape is asked for", ')) == [
        '35: the check "test_halve" passes zeros (float64) instead of the right answers, which gives 1 point; '
        "it must fail"
    ]


def test_constants_of_several_kinds_for_several_results(faults):
    body = (
        "    first, second = submission.split(n := int(rng.integers(4, 10_000)))\n"
        "    assert_that((first, second) in ((0, 1), (n // 2, n - n // 2)), first, 'the parts', 'others')"
    )
    old = '    first, second = submission.split(6)\n    assert_that((first, second) == (3, 3), first, f"6 became {first:g} and {second:g}", "3 and 3")'

    assert faults((old, body), (', fixed="a sample of a few numbers")', ")")) == [
        '21: the check "test_split_even" passes zeros and ones (float64) instead of the right answers, '
        "which gives 1 point; it must fail"
    ]


def test_a_check_that_asks_the_same_with_every_seed(faults):
    assert faults((HALVE, "    x = np.array([3.0, 5.0])\n    assert_close(submission.halve(x), x / 2)")) == [
        '35: the check "test_halve" asks the same with seed 1 as with seed 0; '
        'draw its inputs from `rng`, or add fixed="why they are the same" to its marker'
    ]


def test_a_check_with_a_reason_may_ask_the_same_with_every_seed(faults):
    body = "    x = np.array([3.0, 5.0])\n    assert_close(submission.halve(x), x / 2)"

    assert faults((HALVE, body), (HALVES, f'{HALVES}fixed="there is no other input", ')) == []


def test_a_check_that_crashes_on_a_malformed_answer(faults):
    body = "    x = rng.normal(size=4)\n    assert_close([submission.halve(x)[i] for i in range(4)], x / 2)"
    (fault,) = faults((HALVE, body))

    assert fault.startswith(
        '35: the check "test_halve" crashes on a malformed answer (one too short): '
        "IndexError: index 3 is out of bounds for axis 0 with size 3"
    )


def test_a_check_that_passes_a_malformed_answer(faults):
    body = "    x = rng.normal(size=4)\n    assert_close(submission.halve(x)[:3], x[:3] / 2)"
    (fault, *_) = faults((HALVE, body))

    assert fault == (
        '35: the check "test_halve" passes a malformed answer (one too short); it must fail, '
        'or say malformed="why it passes" in its marker'
    )


def test_a_check_with_a_reason_may_pass_a_malformed_answer(faults):
    body = "    x = rng.normal(size=4)\n    assert_close(np.resize(submission.halve(x), 9)[:3], x[:3] / 2)"

    assert faults((HALVE, body), (HALVES, f'{HALVES}malformed="a sample", ')) == []


@pytest.mark.parametrize(
    ("keyword", "words"),
    [
        ("constants", "why a constant passes it, but no constant does"),
        ("fixed", "why all seeds ask the same, but its inputs differ"),
        ("malformed", "why it passes malformed answers, but it passes none"),
    ],
)
def test_a_reason_that_a_check_does_not_need(faults, keyword, words):
    assert faults((HALVES, f'{HALVES}{keyword}="who knows", ')) == [f'35: the check "test_halve" says {words}']
