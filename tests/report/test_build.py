"""A report from its parts."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from grader.checks import Verdict
from grader.course import Misconception
from grader.diagnosis import Diagnosis
from grader.report import GraderFault, ProblemReport, Report, with_timings
from grader.sandbox import Reason
from grader.scoring import none_ran
from grader.submission import Problem

from .conftest import OUTCOMES


def test_holds_everything_about_one_submission(build):
    report = build()

    assert (report.exercise, report.title) == ("03_dropout", "Dropout")
    assert report.submission.model_dump() == {"learner": "ada", "files": ("dropout.py",), "sha256": "a" * 64}
    assert report.course.model_dump() == {"hash": "c" * 64, "seed": 0}
    assert report.isolation == "namespaces"
    assert report.score.model_dump() == {"earned": 2.5, "possible": 8, "earned_bonus": 0, "possible_bonus": 1.5}
    assert [(one.id, one.earned, one.possible, one.bonus) for one in report.criteria] == [
        ("mean", 2, 2, False),
        ("gradient", 0, 3, False),
        ("draws", 0.5, 1, False),
        ("speed", 0, 1, False),
        ("exact", 0, 1, False),
        ("channels", 0, 1.5, True),
    ]
    assert report.problems == ()
    assert report.diagnoses == ()


def test_a_check_names_the_function_that_it_exercises(build):
    check = build().criteria[1].checks[1]

    assert (check.name, check.function, check.title) == (
        "test_gradient",
        "dropout_backward",
        "Multiplies the gradient by the mask.",
    )
    assert check.verdict is Verdict.FAILED
    assert check.diagnosis is None


def test_a_failed_criterion_asks_the_question_that_belongs_to_its_first_failure(build):
    assert [one.hint for one in build().criteria] == [
        None,
        "What about gradient?",
        "What about draws?",
        None,  # it has not run
        None,
        None,  # it is not written
    ]


def test_our_faults_are_listed(build, faulty):
    assert build(faulty, faults=["the sandbox broke: no reply"]).grader_faults == (
        GraderFault(check="test_speed", message="ValueError: oops (test_dropout.py:7)"),
        GraderFault(check=None, message="the sandbox broke: no reply"),
    )


def test_a_report_with_a_fault_states_no_points(build, faulty, all_passed):
    for report in (build(faulty), build(all_passed, faults=["the sandbox broke"])):
        assert (report.score.earned, report.score.earned_bonus) == (None, None)
        assert {one.earned for one in report.criteria} == {None}
        assert report.score.possible == 8


def test_a_report_cannot_be_made_with_both_points_and_a_fault(build, faulty):
    for content in (build().model_dump(), build(faulty).model_dump()):
        changed = {**content, "grader_faults": build(faulty).grader_faults if not content["grader_faults"] else ()}
        with pytest.raises(ValidationError, match="states points exactly if the grader had no fault"):
            Report.model_validate(changed)


def test_problems_say_why_nothing_ran(build, rubric):
    problem = Problem(3, 9, "Python cannot read this line: '(' was never closed", "x = max(1")

    report = build(none_ran(rubric, "it cannot be read"), problems=[problem])

    assert report.problems == (
        ProblemReport(
            line=3, column=9, message="Python cannot read this line: '(' was never closed", source_line="x = max(1"
        ),
    )
    assert report.score.earned == 0


def test_the_record_of_a_sandbox_is_an_output(build):
    report = build(output=SimpleNamespace(stdout="a", stderr="b", truncated=True))

    assert report.output.model_dump() == {"stdout": "a", "stderr": "b", "truncated": True}


def test_half_a_surrogate_pair_becomes_its_escape(build):
    report = build(output=SimpleNamespace(stdout="a\ud800b", stderr="", truncated=False))

    assert report.output.stdout == "a\\ud800b"


def test_a_report_does_not_change(build):
    with pytest.raises(ValidationError) as caught:
        build().title = "Other"
    assert "frozen" in str(caught.value)


def test_an_unknown_isolation_is_refused(build):
    with pytest.raises(ValidationError) as caught:
        build(isolation="none")
    assert "'namespaces' or 'process'" in str(caught.value)


def test_timings_come_and_go_outside_the_hash(build):
    report = build()

    timed = with_timings(report, {"grading": 0.12345678})

    assert report.run.timings is None
    assert timed.run.timings == {"grading": 0.123457}
    assert timed.sha256 == report.sha256
    assert with_timings(timed, None) == report


def diagnosed(function, *ids, **more):
    misconceptions = tuple(
        Misconception(f"x.{name}", function, f"belief {name}", f"Why {name}?", "A probe.", "A name.", partial(abs))
        for name in ids
    )
    return Diagnosis(function, misconceptions, **more)


def test_the_first_criterion_that_a_diagnosis_explains_asks_its_question_and_the_others_point_there(build):
    report = build(diagnoses=[diagnosed("dropout", "a", "b", complete=True)])

    draws, channels = report.criteria[2], report.criteria[5]
    assert draws.hint == "Why a? Why b?"
    assert channels.hint == 'Same cause as "Draws a mask" above.'
    assert draws.checks[1].diagnosis.model_dump() == {"id": "x.a + x.b", "hint": "Why a? Why b?"}
    assert [one.id for one in report.diagnoses] == ["x.a", "x.b"]


def test_a_criterion_with_the_same_cause_has_its_points_and_refers_to_the_criterion_that_is_charged(build):
    failed = replace(OUTCOMES[0], verdict=Verdict.FAILED, reason=Reason.WRONG_VALUE, message="the mean is 3")
    one = diagnosed("dropout", "a", explains=frozenset({"test_mean", "test_same"}))
    one = replace(one, misconceptions=(replace(one.misconceptions[0], criteria={"dropout": "draws"}),))

    report = build([failed, *OUTCOMES[1:]], diagnoses=[one])

    mean, draws = report.criteria[0], report.criteria[2]
    assert (mean.earned, mean.possible, mean.hint, mean.same_cause_as) == (2, 2, None, "draws")
    assert mean.carried_forward == ('Same cause as "Draws a mask" below; no points lost.',)
    assert mean.checks[0].verdict is Verdict.FAILED
    assert (draws.charged_with, draws.hint, draws.carried_forward) == (("x.a",), "Why a?", ())
    assert report.score.earned == 2 + 0.5


@pytest.mark.parametrize(
    ("reason", "state"), [(Reason.WRONG_VALUE, "is wrong"), (Reason.NOT_IMPLEMENTED, "is not written yet")]
)
def test_a_check_with_a_right_function_says_so(build, reason, state):
    passed = replace(OUTCOMES[5], verdict=Verdict.PASSED, message="", checked_with=("dropout_backward",))
    failed = [replace(one, reason=reason) for one in OUTCOMES[1:4]]

    report = build([OUTCOMES[0], *failed, OUTCOMES[4], passed])

    draws = report.criteria[2]
    assert draws.checks[1].checked_with == ("dropout_backward",)
    assert draws.carried_forward == (f"Checked with a right dropout_backward, because yours {state}.",)


def test_if_a_diagnosis_does_not_explain_all_the_others_keep_their_own_questions(build):
    report = build(diagnoses=[diagnosed("dropout", "a")])

    assert [report.criteria[i].hint for i in (2, 5)] == ["Why a?", None]


def test_what_no_misconception_explains_is_located(build):
    report = build(diagnoses=[diagnosed("dropout", located="Right for the plainest input. It is wrong if x is wide.")])

    assert report.criteria[2].hint == "What about draws?"
    assert report.criteria[2].checks[1].diagnosis is None
    assert report.diagnoses == ()
    assert [(one.function, one.text) for one in report.located] == [
        ("dropout", "Right for the plainest input. It is wrong if x is wide.")
    ]
