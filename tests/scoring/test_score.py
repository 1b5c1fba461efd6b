"""Outcomes give points by the rubric."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import CheckOutcome, Verdict
from grader.course import Rubric
from grader.sandbox import Reason
from grader.scoring import none_ran, score

HINTS = {"question": "Why?", "probe": "Try 1.", "name": "reason"}


def rubric_of(*criteria):
    parts = [
        {"id": f"c{i}", "title": f"Criterion {i}", "function": "f", "hints": HINTS, **criterion}
        for i, criterion in enumerate(criteria)
    ]
    return Rubric.model_validate(
        {"exercise": "01_toy", "title": "Toy", "module": "toy", "functions": {"f": ["y"]}, "criteria": parts}
    )


def outcomes_of(**verdicts):
    return [CheckOutcome(name, f"Title of {name}.", verdict) for name, verdict in verdicts.items()]


PASSED, FAILED, NOT_RUN, OURS = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_RUN, Verdict.GRADER_FAULT


def test_a_criterion_holds_when_all_its_checks_passed():
    rubric = rubric_of({"points": 3, "checks": ["test_a", "test_b"]}, {"points": 2, "checks": ["test_c"]})

    result = score(rubric, outcomes_of(test_a=PASSED, test_b=PASSED, test_c=FAILED))

    assert (result.earned, result.possible) == (3, 3 + 2)
    assert [one.earned for one in result.criteria] == [3, 0]
    assert [one.possible for one in result.criteria] == [3, 2]
    assert [one.criterion.id for one in result.criteria] == ["c0", "c1"]


def test_the_checks_of_a_criterion_share_its_points():
    rubric = rubric_of({"points": 2, "checks": ["test_a", "test_b", "test_c"]})

    assert score(rubric, outcomes_of(test_a=PASSED, test_b=FAILED, test_c=PASSED)).earned == 1.3333
    assert score(rubric, outcomes_of(test_a=PASSED, test_b=PASSED, test_c=PASSED)).earned == 2


def test_weights_make_the_shares_unequal():
    rubric = rubric_of({"points": 2, "checks": ["test_a", "test_b", "test_c"], "weights": {"test_a": 3}})

    assert score(rubric, outcomes_of(test_a=PASSED, test_b=FAILED, test_c=FAILED)).earned == 2 * 3 / (3 + 1 + 1)
    assert score(rubric, outcomes_of(test_a=FAILED, test_b=PASSED, test_c=FAILED)).earned == 2 * 1 / (3 + 1 + 1)


def test_one_failed_check_loses_a_criterion_that_must_hold_as_a_whole():
    rubric = rubric_of({"points": 3, "checks": ["test_a", "test_b"], "whole": True})

    assert score(rubric, outcomes_of(test_a=PASSED, test_b=FAILED)).earned == 0
    assert score(rubric, outcomes_of(test_a=PASSED, test_b=PASSED)).earned == 3


@pytest.mark.parametrize(("verdict", "earned"), [(PASSED, 1), (OURS, 1), (FAILED, 0), (NOT_RUN, 0)])
def test_only_failed_and_not_run_cost_points(verdict, earned):
    rubric = rubric_of({"points": 1, "checks": ["test_a"]})

    assert score(rubric, outcomes_of(test_a=verdict)).earned == earned


def test_a_check_without_an_outcome_is_our_fault():
    rubric = rubric_of({"points": 4, "checks": ["test_a", "test_b"]})

    result = score(rubric, outcomes_of(test_a=PASSED))

    assert result.earned == 4
    assert result.criteria[0].outcomes[1] == CheckOutcome(
        "test_b", "test_b", OURS, "the check test_b has no outcome", reason=Reason.GRADER_FAULT
    )


def test_outcomes_are_in_the_order_of_the_rubric():
    rubric = rubric_of({"points": 1, "checks": ["test_a", "test_b"]})

    (one,) = score(rubric, outcomes_of(test_b=PASSED, test_x=FAILED, test_a=FAILED)).criteria

    assert [outcome.name for outcome in one.outcomes] == ["test_a", "test_b"]


def test_a_bonus_is_counted_apart_from_the_points():
    rubric = rubric_of({"points": 5, "checks": ["test_a"]}, {"points": 2, "checks": ["test_b"], "bonus": True})

    both = score(rubric, outcomes_of(test_a=PASSED, test_b=PASSED))
    left_out = score(rubric, outcomes_of(test_a=PASSED, test_b=FAILED))

    assert (both.earned, both.possible, both.earned_bonus, both.possible_bonus) == (5, 5, 2, 2)
    assert (left_out.earned, left_out.possible, left_out.earned_bonus, left_out.possible_bonus) == (5, 5, 0, 2)


def test_tenths_add_up_without_noise():
    rubric = rubric_of(*({"points": 0.1, "checks": [f"test_{i}"]} for i in range(3)))

    result = score(rubric, outcomes_of(test_0=PASSED, test_1=PASSED, test_2=PASSED))

    assert (result.earned, result.possible) == (0.3, 0.3)


def test_no_points_are_earned_if_no_check_ran():
    rubric = rubric_of(
        {"points": 3, "checks": ["test_a", "test_b"]}, {"points": 1, "checks": ["test_c"], "bonus": True}
    )

    outcomes = none_ran(rubric, "the file has a syntax error", {"test_a": "Does a."})

    assert outcomes == (
        CheckOutcome("test_a", "Does a.", NOT_RUN, "the file has a syntax error", reason=Reason.NOT_LOADED),
        CheckOutcome("test_b", "test_b", NOT_RUN, "the file has a syntax error", reason=Reason.NOT_LOADED),
        CheckOutcome("test_c", "test_c", NOT_RUN, "the file has a syntax error", reason=Reason.NOT_LOADED),
    )
    assert score(rubric, outcomes).earned == 0
    assert score(rubric, outcomes).earned_bonus == 0


criteria = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from([{}, {"whole": True}, {"weights": {"first": 2.5}}]),
        st.booleans(),
        st.lists(st.sampled_from(Verdict), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(criteria)
def test_laws(parts):
    """All passed gives all points, never more than possible, and a better verdict never costs a point."""
    rubric = rubric_of(
        *(
            {
                "points": quarters / 4,
                **({"weights": {f"t_{i}_0": 2.5}} if "weights" in sharing else sharing),
                "bonus": bonus,
                "checks": [f"t_{i}_{j}" for j in range(len(verdicts))],
            }
            for i, (quarters, sharing, bonus, verdicts) in enumerate(parts)
        )
    )
    outcomes = [
        CheckOutcome(f"t_{i}_{j}", "", verdict)
        for i, (*_, verdicts) in enumerate(parts)
        for j, verdict in enumerate(verdicts)
    ]

    result = score(rubric, outcomes)
    best = score(rubric, [replace(outcome, verdict=PASSED) for outcome in outcomes])

    assert 0 <= result.earned <= result.possible == rubric.possible
    assert 0 <= result.earned_bonus <= result.possible_bonus
    assert (best.earned, best.earned_bonus) == (best.possible, best.possible_bonus)
    for i in range(len(outcomes)):
        ours = [replace(outcome, verdict=OURS) if i == j else outcome for j, outcome in enumerate(outcomes)]
        better = score(rubric, ours)
        assert better.earned >= result.earned
        assert better.earned_bonus >= result.earned_bonus
