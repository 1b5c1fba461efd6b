"""Tests that must hold for every exercise. Each exercise's file imports them by name."""

from __future__ import annotations

import pytest

from grader.checks import Verdict
from grader.course import Patch
from tests.grading import (
    COURSE,
    ROOT,
    functions_in,
    grader_faults,
    lost_functions,
    not_passed,
    outcomes_of,
    reference_functions,
    weird_functions,
)

SEEDS = 5


def laws_of(key, timed=()):
    """Return the tests for one exercise; `timed` checks race two functions and are not run in our own process."""
    misconceptions = COURSE.find(key).misconceptions()
    shown = [
        pytest.param(one, function, id=f"{one.id}-{function}", marks=() if number % 8 == 0 else pytest.mark.thorough)
        for number, (one, function) in enumerate(
            (one, function) for one in misconceptions for function in (one.function, *one.elsewhere)
        )
    ]
    styles = sorted(path.stem for path in (ROOT / "tests" / "right_answers" / key).glob("*.py"))

    class Laws:
        @pytest.mark.parametrize(("one", "function"), shown)
        def test_a_misconception_costs_its_own_function_only(self, one, function):
            program = COURSE.find(key).program(function, one.programs(function)[0])
            for seed in range(2):
                lost = lost_functions(key, {**reference_functions(key), function: program}, seed, but=timed)
                if one.severity == "mistake" and function == one.function:
                    assert lost == {function}
                else:
                    assert lost <= ({function} if one.severity == "mistake" else set())

        def test_a_variant_without_its_switch_is_right(self):
            """Every wrong implementation is used with its defaults somewhere; `keep` chooses a kind, not a misconception."""
            for one in misconceptions:
                if isinstance(one.variant, Patch):
                    continue  # the tests of the tastes say that the program without its patch is right
                chosen = {name: value for name, value in one.variant.keywords.items() if name == "keep"}
                if chosen.get("keep") in (None, "max", "avg") and not one.id.startswith("pool.mode-ignored"):
                    functions = {
                        **reference_functions(key),
                        one.function: lambda *a, f=one.variant.func, c=chosen, **k: f(*a, **c, **k),
                    }
                    assert not not_passed(key, functions, but=timed), one.id

        def test_misconceptions_have_ids_of_their_own(self):
            ids = [one.id for one in misconceptions]
            assert len(ids) == len(set(ids))

        def test_there_are_four_styles_or_more(self):
            assert len(styles) >= 4

        @pytest.mark.parametrize("style", styles)
        def test_right_answers_earn_everything(self, style):
            functions = functions_in(ROOT / "tests" / "right_answers" / key / f"{style}.py", key)
            for seed in range(SEEDS):
                bonus = {
                    check
                    for criterion in COURSE.find(key).rubric.criteria
                    if criterion.bonus and criterion.function not in functions
                    for check in criterion.checks
                }
                assert not {n: o for n, o in not_passed(key, functions, seed, timed).items() if n not in bonus}

        @pytest.mark.parametrize("name", weird_functions())
        def test_no_check_stumbles_over_a_weird_answer(self, name):
            assert grader_faults(key, dict.fromkeys(reference_functions(key), weird_functions()[name])) == []

        def test_every_check_has_words_for_its_failure(self):
            raising = dict.fromkeys(reference_functions(key), weird_functions()["raises"])
            outcomes = outcomes_of(key, raising)
            assert outcomes
            for outcome in outcomes:
                assert outcome.verdict is Verdict.FAILED
                assert "IndexError: index 7 is out of bounds" in outcome.message

    return Laws
