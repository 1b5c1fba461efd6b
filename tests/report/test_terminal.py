"""The report in a terminal."""

import re
from dataclasses import replace
from functools import partial

import pytest

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception
from grader.diagnosis import Diagnosis
from grader.report import Output, points_text, render_terminal
from grader.report.since_last_run import changes_between, words_of
from grader.sandbox import Reason
from grader.scoring import none_ran
from grader.submission import Problem, SourceFile, screen

from .conftest import OUTCOMES

WHOLE = """\
03 Dropout    2.5 / 8 points   █████████░░░░░░░░░░░░░░░░░░░░░

Start here: dropout_backward
FAIL     Sends the gradient back through what was kept                     0 / 3
         │ dx[0, 1] is 0.5, 3 of 12 elements are wrong
         │ for dropout_backward with dy = [[1, 2], [3, 4]] of shape (2, 2), mask
         │ (3, 4)
         │ The mask holds 1 / (1 - rate) already.
         Next: What about gradient?

FAIL     Draws a mask                                                    0.5 / 1
         │ the masks differ
TODO     Drops channels (bonus)
NOT RUN  Is fast; Is exact
PASS     1 criterion: Keeps the mean

Remarks, which cost nothing
         │ y is float32; the inputs were float64. Accepted, with float32
         │ precision.

isolation namespaces · seed 0 · course cccccccccccc · -v shows everything
"""

WITH_A_FAULT = """\
03 Dropout    no score

Start here: dropout_backward
FAIL     Sends the gradient back through what was kept
         │ dx[0, 1] is 0.5, 3 of 12 elements are wrong
         │ for dropout_backward with dy = [[1, 2], [3, 4]] of shape (2, 2), mask
         │ (3, 4)
         │ The mask holds 1 / (1 - rate) already.
         Next: What about gradient?

FAIL     Draws a mask
TODO     Drops channels (bonus)
NOT RUN  Is exact
PASS     1 criterion: Keeps the mean
OURS     Is fast
         Not judged, because the grader broke: Takes no longer than ours.

Remarks, which cost nothing
         │ y is float32; the inputs were float64. Accepted, with float32
         │ precision.

The grader broke, so there is no score. This is not your fault. Please tell your
instructor:
         │ test_speed: ValueError: oops (test_dropout.py:7)

isolation namespaces · seed 0 · course cccccccccccc · -v shows everything
"""

ALL_POINTS = """\
03 Dropout    8 / 8 points + 1.5 bonus   ##############################

PASS     6 criteria: Keeps the mean; Sends the gradient back through what was ...

isolation process | seed 7 | course cccccccccccc | grading 0.31 s | -v shows
everything
"""

SYNTAX_ERROR = """\
03 Dropout    0 / 8 points   ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░

Your file could not run, so nothing has been checked yet.

dropout.py:2: Python cannot read this line: '(' was never closed
  │ y = max(1, 2
  │        ^

isolation namespaces · seed 0 · course cccccccccccc
"""


def shown(report, **settings):
    return render_terminal(report, **{"width": 80, "colour": False, **settings})


def lines_of(report, **settings):
    return shown(report, **settings).splitlines()


def output_of(text, truncated=False):
    return Output(stdout=text, stderr="", truncated=truncated)


def test_a_report_with_one_of_everything(build):
    assert shown(build()) == WHOLE


def test_a_report_with_a_fault_of_the_grader_states_no_points(build, faulty):
    assert shown(build(faulty)) == WITH_A_FAULT


def test_all_points(build, all_passed):
    report = build(all_passed, isolation="process", seed=7, timings={"grading": 0.314})

    assert shown(report, ascii_only=True) == ALL_POINTS


def test_a_syntax_error(build, rubric):
    problem = screen("def f():\n    y = max(1, 2\n", "dropout.py")

    assert shown(build(none_ran(rubric, "it cannot be read"), problems=[problem])) == SYNTAX_ERROR


def test_the_caret_stands_under_its_character(build, rubric):
    problem = Problem(1, 10, "here", "\tx = '大' + 1")  # two cells wide, and a tab before

    lines = lines_of(build(none_ran(rubric, ""), problems=[problem]))

    at = lines.index("  │ x = '大' + 1")
    assert lines[at + 1] == "  │ " + " " * len("x = '..' ") + "^"


def test_a_caret_far_to_the_right_comes_into_view(build, rubric):
    line = "x = [" + ", ".join(str(i) for i in range(40)) + " 1]"
    problem = Problem(1, len(line) - 1, "here", line)

    lines = lines_of(build(none_ran(rubric, ""), problems=[problem]), width=40)

    caret = next(i for i, text in enumerate(lines) if text.strip(" │") == "^")
    assert lines[caret - 1][lines[caret].index("^")] == "1"
    assert max(len(text) for text in lines) <= 40


def test_a_problem_without_a_line_of_source(build, rubric):
    text = shown(build(none_ran(rubric, ""), problems=[Problem(1, 0, "it ran for 5 seconds")]))

    assert "dropout.py:1: it ran for 5 seconds\n\nisolation" in text


def test_verbose_leaves_nothing_out(build):
    text = shown(build(), verbose=True)

    assert "         Passed: Keeps the mean.\n" in text
    assert (
        "         Leaves its inputs alone.\n"
        "         │ dropout_backward changed its argument dy, expected it to be left as\n"
        "         │ it was\n"
        "         │ for dropout_backward with dy (2, 3)\n"
    ) in text


@pytest.mark.parametrize("width", [24, 40, 59, 60, 80, 100])
@pytest.mark.parametrize("colour", [True, False])
def test_no_line_is_wider_than_asked(build, width, colour):
    report = build(output=output_of("word " * 60 + "x" * 300), timings={"grading": 0.1})

    for line in lines_of(report, width=width, colour=colour):
        assert len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= width


def test_forty_columns(build):
    text = shown(build(), width=40)

    assert text.startswith(
        "03 Dropout    2.5 / 8 points\n"
        "█████████░░░░░░░░░░░░░░░░░░░░░\n"
        "\n"
        "Start here: dropout_backward\n"
        "FAIL     Sends the gradient back   0 / 3\n"
        "         through what was kept\n"
        "  │ dx[0, 1] is 0.5, 3 of 12 elements\n"
    )


def test_colour_only_repeats_the_words(build):
    coloured = shown(build(output=output_of("hello")), colour=True)
    plain = shown(build(output=output_of("hello")))

    assert "\x1b[1;32mPASS" in coloured
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()] == plain.splitlines()
    assert "\x1b" not in plain


def test_the_environment_does_not_matter(build, monkeypatch):
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "40", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    assert shown(build()) == WHOLE
    assert "\x1b[1;32mPASS" in shown(build(), colour=True)


def test_ascii_only(build):
    assert shown(build(output=output_of("Größe\n" * 20)), ascii_only=True).isascii()


@pytest.mark.parametrize(
    ("earned", "bar"),
    [(0, "░" * 30), (0.01, "█" + "░" * 29), (4, "█" * 15 + "░" * 15), (7.99, "█" * 29 + "░"), (8, "█" * 30)],
)
def test_the_bar_is_full_only_for_all_points_and_empty_only_for_none(build, earned, bar):
    report = build()
    report = report.model_copy(update={"score": report.score.model_copy(update={"earned": earned})})

    assert lines_of(report)[0].endswith(f"   {bar}")


def test_what_the_program_printed(build):
    report = build(output=Output(stdout="one\ntwo\n", stderr="three\n", truncated=False))

    assert (
        "\nYour program printed\n         │ one\n         │ two\n\nYour program wrote to stderr\n         │ three\n\n"
    ) in shown(report)


def test_long_output_is_cut(build):
    text = shown(build(output=output_of("line\n" * 500 + "x" * 1000, truncated=True)))

    assert text.count("│ line") == 3
    assert "         … 498 more lines\n         The output was too long; the rest was discarded.\n" in text
    assert shown(build(output=output_of("x" * 1000))).count("x") < 500


def test_brackets_are_not_markup(build):
    assert "│ [bold]not bold[/bold] :smile:" in shown(build(output=output_of("[bold]not bold[/bold] :smile:")))


@pytest.mark.parametrize("where", ["output", "message", "remark", "title", "problem", "file"])
def test_no_control_sequence_of_a_learner_reaches_the_terminal(build, all_passed, rubric, submission, where):
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\x1bc\x08\u202ewords"
    outcome = CheckOutcome("test_mean", "Keeps the mean.", Verdict.FAILED, "wrong")
    settings = {}
    if where == "output":
        settings["output"] = Output(stdout=evil, stderr=evil, truncated=False)
    elif where == "message":
        outcome = replace(outcome, message=evil)
    elif where == "remark":
        outcome = replace(outcome, remarks=(evil,))
    elif where == "title":
        outcome = replace(outcome, title=evil)
    elif where == "problem":
        settings["problems"] = [Problem(1, 3, evil, evil)]
    else:
        settings["problems"] = [Problem(1, 3, "here", "x")]
        settings["submission"] = replace(submission, files=(SourceFile(evil, ""),))

    text = shown(build([outcome, *all_passed[1:]], **settings), verbose=where == "title")

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "words" in text


@pytest.mark.parametrize(("points", "text"), [(0, "0"), (10, "10"), (2.5, "2.5"), (1.3333, "1.33"), (100.0, "100")])
def test_points_text(points, text):
    assert points_text(points) == text


SAME_CAUSE = Misconception("x.a", "dropout", "b", "Why a?", "p", "n", partial(abs), criteria={"dropout": "draws"})


def test_a_criterion_with_the_same_cause_stands_under_it(build):
    failed = replace(OUTCOMES[0], verdict=Verdict.FAILED, reason=Reason.WRONG_VALUE, message="the mean is 3")
    explained = Diagnosis("dropout", (SAME_CAUSE,), explains=frozenset({"test_mean", "test_same"}))

    report = build([failed, *OUTCOMES[1:]], diagnoses=[explained])

    lines = lines_of(report)
    at = next(place for place, line in enumerate(lines) if line.startswith("FAIL     Draws a mask"))
    assert "SAME     Same cause, no points lost: Keeps the mean" in lines[at + 1 : at + 4]
    assert "the mean is 3" not in shown(report)
    assert "the mean is 3" in shown(report, verbose=True)


def failing(all_passed, *changed):
    """Return the outcomes with failures: the name of each check, and what is different."""
    changes = dict(changed)
    return [
        replace(one, verdict=Verdict.FAILED, **changes[one.name]) if one.name in changes else one for one in all_passed
    ]


TYPO = {"reason": Reason.RAISED, "exception": "NameError", "line": 7, "message": "dropout raised NameError (line 7)"}


def test_criteria_that_fail_at_the_same_line_are_one_cause(build, all_passed):
    text = shown(build(failing(all_passed, ("test_mean", TYPO), ("test_exact", TYPO), ("test_new", TYPO))))

    assert "Start here: dropout, line 7\nFAIL     Keeps the mean " in text
    assert "         │ Same reason: Draws a mask; Is exact\n" in text
    assert text.count("FAIL") == text.count("dropout raised NameError") == 1


def test_different_lines_are_different_causes(build, all_passed):
    outcomes = failing(all_passed, ("test_mean", TYPO), ("test_exact", {**TYPO, "line": 9}))

    assert "FAIL     Is exact " in shown(build(outcomes))


def test_a_criterion_that_is_only_a_bonus_comes_last(build, all_passed):
    outcomes = failing(all_passed, ("test_channels", TYPO), ("test_exact", {"message": "wrong"}))

    text = shown(build(outcomes))
    assert text.index("FAIL     Is exact") < text.index("FAIL     Drops channels (bonus)")


def test_a_stub_is_not_started(build, all_passed):
    stub = {"reason": Reason.NOT_IMPLEMENTED, "message": "dropout is not implemented yet: Task 1: write dropout"}

    assert shown(build(failing(all_passed, *((one.name, stub) for one in all_passed)))) == (
        "03 Dropout    not started    8 points\n"
        "\n"
        "Start here: dropout\n"
        "         dropout is not implemented yet: Task 1: write dropout\n"
        "TODO     dropout, dropout_backward\n"
        "\n"
        "isolation namespaces · seed 0 · course cccccccccccc · -v shows everything\n"
    )


def test_a_full_screen_says_why_several_criteria_fail_and_how_many(build, all_passed):
    wrong = {"reason": Reason.WRONG_VALUE, "message": "the mean is wrong"}
    report = build(failing(all_passed, ("test_mean", wrong), ("test_exact", TYPO), ("test_new", TYPO)))

    assert "│ dropout raised NameError (line 7) (1 more for this reason)\n" in shown(report, height=11)
    assert "Same reason" not in shown(report, height=11)


def test_other_failures_lose_their_details_if_the_screen_is_full(build, all_passed):
    wrong = {
        name: {"reason": Reason.WRONG_VALUE, "message": f"{name} is wrong\n" * 2} for name in ("test_mean", "test_new")
    }
    report = build(failing(all_passed, *wrong.items(), ("test_exact", TYPO)))

    wide, narrow, least = (shown(report, height=height) for height in (30, 14, 12))
    assert "│ test_new is wrong" in wide
    assert "│ test_new is wrong" not in narrow
    assert "FAIL     Draws a mask" in narrow
    assert "FAIL     2 criteria of other causes; -v shows them" in least
    for text in (wide, narrow, least):
        assert "Start here: dropout\nFAIL     Keeps the mean" in text
        assert "Next: What about mean?" in text


def test_changes_since_the_last_run(build, all_passed):
    before = words_of(build())
    report = build(failing(all_passed, ("test_mean", TYPO), ("test_new", TYPO)))

    changes = changes_between(before, report)
    assert (changes.fixed, changes.broken, changes.still_failing, changes.new) == (3, 1, 1, 0)
    assert lines_of(report, changes=changes)[1] == "Since the last run: fixed: 3, broken: 1, still failing: 1"


def test_what_was_not_written_before_is_neither_broken_nor_fixed(build, all_passed):
    stub = {"reason": Reason.NOT_IMPLEMENTED, "message": "not implemented"}
    before = words_of(build(failing(all_passed, *((one.name, stub) for one in all_passed))))

    changes = changes_between(before, build(failing(all_passed, ("test_mean", TYPO))))
    assert str(changes) == "newly written and failing: 1"
    assert str(replace(changes, fixed=2)) == "fixed: 2, broken: 0, still failing: 0, newly written and failing: 1"


def test_advice_stands_above_the_last_line(build):
    assert lines_of(build(), advice="Next: grade exercise 4")[-2:-1] == ["Next: grade exercise 4"]
