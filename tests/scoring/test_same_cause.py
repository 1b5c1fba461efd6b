"""A misconception costs points in one criterion; the others that it explains have theirs."""

from dataclasses import replace
from functools import partial

import pytest

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception, Rubric
from grader.diagnosis import Diagnosis
from grader.sandbox import Reason
from grader.scoring import score

HINTS = {"question": "Why?", "probe": "Try 1.", "name": "reason"}
PASSED, FAILED, NOT_RUN = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_RUN

CRITERIA = (
    # id, function, points, checks
    ("sizes", "pad", 2, ["pad_sizes"]),
    ("kernel", "conv", 3, ["kernel_plain", "kernel_signs"]),
    ("stride", "conv", 2, ["stride_plain"]),
    ("speed", "conv", 1, ["speed"]),
    ("extra", "conv", 1, ["extra"]),
)


def rubric(**more):
    criteria = [
        {
            "id": name, "title": name.title(), "function": function, "points": points, "checks": checks, "hints": HINTS,
            "bonus": name == "extra",
        }
        for name, function, points, checks in CRITERIA
    ]  # fmt: skip
    functions = {"pad": ["y"], "conv": ["y"]}
    return Rubric.model_validate(
        {"exercise": "01_toy", "title": "T", "module": "toy", "functions": functions, "criteria": criteria, **more}
    )


def failing(*checks, reason=Reason.WRONG_VALUE, verdict=FAILED, timed=()):
    names = [name for *_, checks_of in CRITERIA for name in checks_of]
    return [
        CheckOutcome(name, name, verdict, reason=reason, timed=name in timed)
        if name in checks
        else CheckOutcome(name, name, PASSED)
        for name in names
    ]


def belief(name, function="conv", **criteria):
    return Misconception(name, function, "b", "q", "p", "n", partial(abs), criteria=criteria)


def diagnosis(*misconceptions, function="conv", explains=()):
    return Diagnosis(function, misconceptions, explains=frozenset(explains))


def points(*arguments):
    return {one.criterion.id: one.earned for one in score(*arguments).criteria}


def same_cause(*arguments):
    return {one.criterion.id: one.same_cause_as for one in score(*arguments).criteria if one.same_cause_as}


def charged(*arguments):
    return {one.criterion.id: one.charged_with for one in score(*arguments).criteria if one.charged_with}


def test_a_mistake_costs_the_points_of_its_own_criterion_only():
    given = (
        rubric(),
        failing("kernel_plain", "kernel_signs", "stride_plain"),
        [diagnosis(belief("swap", conv="stride"), explains=["kernel_plain", "kernel_signs", "stride_plain"])],
    )

    assert charged(*given) == {"stride": ("swap",)}
    assert same_cause(*given) == {"kernel": "stride"}
    assert points(*given) == {"sizes": 2, "kernel": 3, "stride": 0, "speed": 1, "extra": 1}
    assert score(*given).earned == 2 + 3 + 0 + 1


def test_a_sign_is_charged_to_the_criterion_whose_check_saw_it():
    failed = [
        replace(one, sign={"stride_plain": "swap", "kernel_plain": "other"}.get(one.name, ""))
        for one in failing("kernel_plain", "stride_plain")
    ]
    given = (rubric(), failed, [diagnosis(belief("other"), belief("swap"))])

    assert charged(*given) == {"kernel": ("other",), "stride": ("swap",)}


def test_what_is_not_explained_is_lost():
    given = (
        rubric(),
        failing("kernel_plain", "kernel_signs", "stride_plain"),
        [diagnosis(belief("swap", conv="stride"), explains=["kernel_plain", "stride_plain"])],
    )

    assert same_cause(*given) == {}
    assert points(*given) == {"sizes": 2, "kernel": 0, "stride": 0, "speed": 1, "extra": 1}


def test_if_its_own_criterion_lost_nothing_the_first_that_it_explains_is_charged():
    given = (
        rubric(),
        failing("kernel_plain", "kernel_signs", "stride_plain", "speed"),
        [diagnosis(belief("swap", conv="speed-of-others"), explains=["stride_plain", "speed"])],
    )

    assert charged(*given) == {"stride": ("swap",)}
    assert same_cause(*given) == {"speed": "stride"}


def test_a_mistake_without_a_criterion_is_charged_to_the_first_that_lost_points():
    given = (
        rubric(),
        failing("stride_plain", "speed"),
        [diagnosis(belief("swap"), explains=["stride_plain", "speed"])],
    )

    assert charged(*given) == {"stride": ("swap",)}
    assert same_cause(*given) == {"speed": "stride"}


def test_a_mistake_in_two_functions_is_charged_in_the_first():
    one = belief("odd", function="pad", pad="sizes", conv="kernel")
    given = (
        rubric(),
        failing("pad_sizes", "kernel_plain", "stride_plain"),
        [
            diagnosis(one, function="conv", explains=["kernel_plain", "stride_plain"]),
            diagnosis(one, function="pad", explains=["pad_sizes"]),
        ],
    )

    assert charged(*given) == {"sizes": ("odd",)}
    assert same_cause(*given) == {"kernel": "sizes", "stride": "sizes"}


def test_two_mistakes_are_charged_apart():
    given = (
        rubric(),
        failing("kernel_plain", "kernel_signs", "stride_plain", "speed"),
        [
            diagnosis(
                belief("flip", conv="kernel"),
                belief("swap", conv="stride"),
                explains=["kernel_plain", "kernel_signs", "stride_plain", "speed"],
            )
        ],
    )

    assert charged(*given) == {"kernel": ("flip",), "stride": ("swap",)}
    assert same_cause(*given) == {"speed": "kernel"}


def test_two_mistakes_with_one_criterion_are_charged_there_together():
    given = (rubric(), failing("stride_plain"), [diagnosis(belief("a", conv="stride"), belief("b", conv="stride"))])

    assert charged(*given) == {"stride": ("a", "b")}
    assert points(*given)["stride"] == 0


@pytest.mark.parametrize(
    "reason",
    [
        Reason.TIMED_OUT, Reason.DIED, Reason.EXITED, Reason.OVER_BUDGET, Reason.INVALID_ANSWER, Reason.TOO_SLOW,
        Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.UNAVAILABLE, Reason.NOT_RETURNED, Reason.CHANGED_INPUT, None,
    ],
)  # fmt: skip
def test_only_an_answer_or_an_exception_can_have_the_same_cause(reason):
    outcomes = [
        *failing("stride_plain")[:1],
        *failing("kernel_plain", reason=reason)[1:3],
        *failing("stride_plain")[3:],
    ]

    found = same_cause(
        rubric(), outcomes, [diagnosis(belief("swap", conv="stride"), explains=["kernel_plain", "stride_plain"])]
    )

    assert found == {}


def test_a_check_that_did_not_run_has_no_cause():
    outcomes = failing("kernel_plain", verdict=NOT_RUN)
    given = diagnosis(belief("swap", conv="stride"), explains=["kernel_plain", "stride_plain"])

    assert same_cause(rubric(), outcomes, [given]) == {}


def test_a_check_that_measures_time_gives_no_points_back():
    outcomes = failing("stride_plain", "speed", timed=["speed"])
    given = diagnosis(belief("swap", conv="stride"), explains=["stride_plain", "speed"])

    assert points(rubric(), outcomes, [given])["speed"] == 0


def test_a_bonus_is_not_charged_if_another_criterion_can_be():
    given = (
        rubric(),
        failing("stride_plain", "extra"),
        [diagnosis(belief("swap", conv="extra"), explains=["stride_plain", "extra"])],
    )

    assert charged(*given) == {"stride": ("swap",)}
    assert same_cause(*given) == {"extra": "stride"}


def test_a_mistake_in_bonus_work_only_costs_the_bonus():
    given = (rubric(), failing("extra"), [diagnosis(belief("swap", conv="extra"), explains=["extra"])])

    assert charged(*given) == {"extra": ("swap",)}
    assert (score(*given).earned, score(*given).earned_bonus) == (8, 0)


def test_a_diagnosis_without_a_name_explains_nothing():
    located = Diagnosis("conv", (), located="It is wrong.", explains=frozenset({"kernel_plain"}))

    assert same_cause(rubric(), failing("kernel_plain", "stride_plain"), [located]) == {}


def test_a_diagnosis_of_one_function_explains_nothing_in_another():
    one = diagnosis(belief("odd", function="pad", pad="sizes"), function="pad", explains=["pad_sizes", "kernel_plain"])

    assert same_cause(rubric(), failing("pad_sizes", "kernel_plain"), [one]) == {}


def test_a_program_in_which_nothing_is_right_gets_nothing_back():
    everything = ["kernel_plain", "kernel_signs", "stride_plain", "speed", "extra"]
    constant = [diagnosis(belief("zeros", conv="kernel"), explains=everything)]

    assert points(rubric(), failing(*everything), constant) == {
        "sizes": 2,
        "kernel": 0,
        "stride": 0,
        "speed": 0,
        "extra": 0,
    }
    assert points(rubric(), failing(*everything[:-1]), constant)["stride"] == 2


def test_a_rubric_can_switch_it_off():
    given = (
        failing("kernel_plain", "stride_plain"),
        [diagnosis(belief("s", conv="stride"), explains=["kernel_plain"])],
    )

    assert same_cause(rubric(), *given) == {"kernel": "stride"}
    strict = rubric(carry_forward={"same_cause": False})
    assert same_cause(strict, *given) == {}
    assert charged(strict, *given) == {"stride": ("s",)}
    assert points(strict, *given)["kernel"] == 1.5
