"""The pages as text: all texts of learners are escaped, the bytes are the same each time, rows are taken one by one."""

import json
import re

import pytest

from grader.checks.seen import Bar, Bars, Chart, Charts, Curve, Map, Maps, Seen, Table
from grader.report.exports import HandedIn
from grader.report.pages import (
    NOT_ISOLATED,
    CellState,
    ChangedScore,
    ClassSummary,
    CommonPassage,
    ComparedLine,
    CriterionSummary,
    DiagnosisCount,
    ExerciseSummary,
    ExplainedCall,
    ExplainedCheck,
    Explanation,
    LearnerRow,
    Passage,
    RunSummary,
    ScoreCell,
    ScoreDistribution,
    Similarity,
    SimilarPair,
    class_page,
    compare_page,
    explanation_page,
    learner_page,
    run_page,
    similarity_page,
    source_listing,
)
from grader.report.pages.distribution_chart import chart_of_sections
from grader.report.pages.regrade_request import regrade_request
from tests.grading import ROOT

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}\u202egnp.exe\x1b[2J&amp;"
MARKUP = re.compile(r"<(?:script>alert|img)|onerror=alert\(2\)>(?!\{)")


def exercise(**changed):
    fields = {
        "key": "03_dropout", "title": "Dropout", "possible": 8,
        "distributions": (
            ScoreDistribution("", 3, 5.25, 6.0, (0, 0, 1, 0, 0, 0, 0, 0, 0, 2)),
            ScoreDistribution("A", 2, 7.0, 7.0, (0, 0, 0, 0, 0, 0, 0, 0, 0, 2)),
            ScoreDistribution(NASTY, 1, 2.5, 2.5, (0, 0, 1, 0, 0, 0, 0, 0, 0, 0)),
        ),
        "criteria": (
            CriterionSummary("drops", "Drops units", 1.5, 2, 1, 0, 0, "dropout"),
            CriterionSummary("all", "Scales", 1, 0, 0, 2, 1, "dropout", bonus=True),
        ),
        "diagnoses": (DiagnosisCount("drop.keep", NASTY, "dropout", 2),),
    }  # fmt: skip
    return ExerciseSummary(**{**fields, **changed})


def summary(**changed):
    fields = {
        "title": "The class", "learners": 3, "exercises": (exercise(),), "faults": (NASTY,),
        "refused": (NASTY,), "missing": (NASTY, "b"), "unrecognised": (NASTY,), "identical": (NASTY,),
        "seed": 4711, "isolation": "namespaces",
    }  # fmt: skip
    return ClassSummary(**{**fields, **changed})


ROWS = (
    LearnerRow(
        NASTY, NASTY, NASTY,
        (ScoreCell(2.5, NASTY, "reports/x~1/03_dropout.html", (CellState.SCORED, CellState.LATE), (0.5, 0), ("drop.keep",)),),
        2.5,
    ),
    LearnerRow("anna", "Anna", "A", (ScoreCell(8, "", "reports/anna/03_dropout.html", (CellState.SCORED,), (1.5, 1)),), 8),
    LearnerRow("bob", "", "", (ScoreCell(None, "missing", states=(CellState.MISSING,)),), None),
    LearnerRow(
        "cy", "Cy", "A",
        (ScoreCell(0, "could not run", "reports/cy/03_dropout.html", (CellState.SCORED, CellState.NOT_RUN), (None, None)),),
        0,
    ),
)  # fmt: skip


def data_of(page):
    """Return the data for the script of a class page."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def run(isolation="namespaces"):
    slowest = ((NASTY, "03_dropout", 0.25, "reports/a/b.html"),)
    return RunSummary(3, 1, 2.5, 2, 1, slowest, (NASTY,), (("Python", "3"),), 4711, isolation)


def report():
    text = (ROOT / "tests" / "report" / "nasty_report.json").read_text(encoding="utf-8")
    return json.loads(text.replace("NASTY", json.dumps(NASTY)[1:-1]))


def grid(name, rows=(), shades=(), wrong=()):
    return {
        "name": name,
        "shape": [2, 2],
        "axes": ["H", "W"],
        "part": "",
        "rows": rows,
        "shades": shades,
        "wrong": wrong,
    }


def example(**changed):
    fields = {
        "function": "dropout", "settings": NASTY, "seen": NASTY,
        "inputs": [grid(NASTY, [["1", NASTY], ["3", "4"]]), grid("x", shades=["04", "13"])],
        "yours": grid("y", [["1", "2"], ["3", "4"]], wrong=[[0, 1]]), "expected": grid("y", [["1", "9"], ["3", "4"]]),
    }  # fmt: skip
    return {**fields, **changed}


def report_with(picture):
    """Return the report with a picture at each of its failed checks."""
    found = report()
    for criterion in found["criteria"]:
        for check in criterion["checks"]:
            check.update(example=picture if check["message"] else None, summary=check["message"])
    return found


def page_with(picture, **named):
    return learner_page(report_with(picture), **named)


MARKED = {"problems": [], "criteria": [{"checks": [{"line": 2, "exception": f"NameError {NASTY}"}]}]}
SOURCES = {"dropout.py": source_listing(f"def f():\n    {NASTY}\n", MARKED)}
HANDED_IN = HandedIn(NASTY, NASTY, "2026-11-24 10:05:00 UTC", NASTY)


def explanation():
    call = ExplainedCall(NASTY, (Passage(NASTY, NASTY),))
    checks = tuple(
        ExplainedCheck(name, NASTY, "failed", "failed", NASTY, NASTY, (call, call), NASTY)
        for name in ("test_a", "test_b")
    )
    return Explanation(
        "Dropout", NASTY, (("File", NASTY),), (NASTY,), (("Drops units", "1 of 2"),), (NASTY,), checks, NASTY
    )


def seen():
    """Return one of each kind of picture, with a nasty text where a learner could have one."""
    image = Map(caption=NASTY[:60], rows=((0.0, 0.5), (-1.0, 1.0)))
    loss = Chart(
        name="loss",
        curves=(
            Curve(name="training", values=(2.0, float("nan"), 0.5)),
            Curve(name="validation", values=(2.0, 1.0, 1.0)),
        ),
    )
    bodies = (
        Maps(maps=(image,) * 3),
        Charts(charts=(loss, loss)),
        Table(rows=("3", "8"), columns=("3", "8"), counts=((40, 2), (0, 38))),
        Bars(bars=(Bar(name="frozen", share=0.75), Bar(name="from scratch", share=0.5))),
    )
    return [*(Seen(title="One", said=NASTY, body=body) for body in bodies), Seen(title="Lost", lost=NASTY)]


def similarity():
    lines = tuple(ComparedLine(number, NASTY, number % 2 == 0) for number in range(1, 5))
    pair = SimilarPair(NASTY, "ben", 0.75, (CommonPassage(lines, lines[:2], 3), CommonPassage(lines, lines)), 2)
    counts = (4, 0, 0, 0, 0, 0, 0, 1, 0, 2)
    more = {"identical": (NASTY,), "little": (NASTY,), "unread": ((NASTY, NASTY),)}
    return Similarity("03_dropout", "Dropout", 7, 0.5, counts, (pair, pair), 3, **more)


def pages():
    yield "seen", learner_page(report(), seen=seen())
    yield "picture", page_with(example(), changes="fixed: 2", advice=NASTY, start="drops", sources=SOURCES)
    yield (
        "learner",
        learner_page(report(), "Handed in 2 days late: 3 points count.", decisions=(NASTY,), handed_in=HANDED_IN),
    )
    yield "class", "".join(class_page(summary(), ROWS))
    yield "run", run_page(run())
    changes = [ChangedScore(NASTY, "03_dropout", 3, None, (("drops", 1.5, 0.0),), (NASTY,))]
    yield "compare", compare_page(changes, NASTY, "new")
    yield "explanation", explanation_page(explanation())
    yield "similarity", similarity_page(similarity())


@pytest.mark.parametrize(("name", "page"), [*pages()], ids=lambda value: value if len(value) < 20 else "")
def test_no_string_of_a_learner_is_markup(name, page):
    assert "&lt;script&gt;alert(1)" in page
    assert not MARKUP.search(page)
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "\\u202e" in page
    assert "{{7*7}}" in page  # no template in a template
    assert "http://" not in page
    assert "https://" not in page


def test_the_same_data_give_the_same_bytes():
    assert dict(pages()) == dict(pages())


def test_rows_are_taken_one_by_one_for_the_table_and_again_for_the_data():
    taken = []

    class Rows:
        def __iter__(self):
            for number in range(1000):
                taken.append(number)
                yield LearnerRow(str(number), "", "", (ScoreCell(1.0),), 1.0)

    pieces = class_page(summary(learners=1000), Rows())
    assert next(pieces)
    assert len(taken) < 1000
    page = "".join(pieces)
    assert page.count('<tr><th scope="row"><bdi>') > 1000
    assert len(taken) == 2000


def test_the_data_of_the_script_say_the_same_as_the_table():
    data = data_of("".join(class_page(summary(), ROWS)))

    assert [row[0] for row in data["rows"]][1:] == ["anna", "bob", "cy"]
    assert data["rows"][1][3:] == [8, [[8, "", "reports/anna/03_dropout.html", [0], [1.5, 1]]]]
    assert data["rows"][2][3:] == [None, [[None, "missing", "", [9]]]]
    assert data["rows"][3][4][0][4] == [None, None]
    assert [name for name, _ in data["states"]][9] == "missing"
    assert data["exercises"][0]["criteria"][1] == ["all", "Scales", 1, "dropout", True]


def test_no_text_of_a_learner_ends_the_data_of_the_script():
    page = "".join(class_page(summary(), ROWS)).partition('id="data">')[2].partition("</script>")[0]

    assert not set("<>&\u202e\x1b") & set(page)
    nasty = json.loads(page)["rows"][0]
    assert (
        nasty[0]
        == nasty[1]
        == nasty[2]
        == nasty[4][0][1]
        == NASTY.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
    )


def test_an_empty_class():
    page = "".join(
        class_page(
            summary(learners=0, exercises=(), faults=(), refused=(), missing=(), unrecognised=(), identical=()), []
        )
    )
    assert "0 learners, 0 exercises" in page
    assert "To look at" not in page


def test_nobody_graded_yet():
    nobody = (ScoreDistribution("", 0, None, None, (0,) * 10),)
    page = "".join(class_page(summary(exercises=(exercise(distributions=nobody),)), ROWS))
    assert "<strong>–</strong> median" in page
    assert "Scores in Dropout. Everyone: no score." in page


def test_a_report_with_a_fault_of_the_grader_shows_no_score():
    page = learner_page(without_points(report()))
    assert "There is no score yet" in page
    assert 'class="score"' not in page
    assert not re.search(r"\d of \d|points", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def without_points(content):
    """The report with a fault of the grader."""
    score = {**content["score"], "earned": None, "earned_bonus": None}
    criteria = [{**one, "earned": None, "checks": []} for one in content["criteria"]]
    faults = [{"check": None, "message": "the sandbox broke"}]
    return {**content, "score": score, "criteria": criteria, "grader_faults": faults}


def test_pages_state_the_seed():
    assert "Seed 4711." in "".join(class_page(summary(), ROWS))
    assert "Seed 4711." in run_page(run())


def test_pages_say_that_programs_were_not_isolated():
    for page in ("".join(class_page(summary(isolation="process"), ROWS)), run_page(run("process"))):
        assert "<h2>Not isolated</h2>" in page
        assert NOT_ISOLATED in page
    for page in ("".join(class_page(summary(), ROWS)), run_page(run())):
        assert "isolated" not in page


def test_no_change_at_all():
    assert "<p>No score changed.</p>" in compare_page([], "a", "b")


def test_a_wrong_element_is_marked_and_the_right_one_stands_beside_it():
    page = page_with(example())

    assert '<td class="wrong">2<span class="sign">!<span class="only-heard"> wrong</span></span></td>' in page
    assert page.count('class="wrong"') == page.count('<td class="">9</td>') > 0


def test_two_shapes_stand_in_one_table():
    page = page_with(example(expected={**grid("y"), "shape": [2, 3]}))

    assert "<caption>The shape of y</caption>" in page
    assert '<th scope="row">expected</th><td class="number">2</td><td class="number">3</td>' in page


def test_the_line_that_raised_is_marked_in_the_source():
    page = page_with(None, sources=SOURCES)

    assert '<mark id="line-2"><span class="number">   2 &gt; </span>' in page
    assert '<span class="why">NameError' in page
    assert page.count("<mark") == 1
    assert 'Marked: <a href="#line-2">line 2</a>.' in page


def test_a_page_without_a_source_shows_none():
    assert "Your file" not in learner_page(report())


def test_a_picture_on_a_page_says_in_words_what_it_shows():
    page = learner_page(report(), seen=seen())

    assert ", 2 by 2 pixels" in page
    assert 'aria-label="loss over 3 epochs. training from 2 to 0.5. validation from 2 to 1"' in page
    assert "training: no finite number in epoch 2" in page
    assert 'aria-label="frozen: 75%"' in page


def test_a_picture_that_cannot_be_drawn_costs_one_sentence_of_the_page(monkeypatch):
    def fail(body):
        raise MemoryError

    monkeypatch.setattr("grader.report.pages.seen_images.limits_of", fail)
    page = learner_page(report(), seen=seen())

    assert page.count("No picture: it could not be drawn: there was not enough memory for it") == 1
    assert 'aria-label="frozen: 75%"' in page


def test_a_gap_in_a_curve_is_not_bridged():
    page = learner_page(report(), seen=seen())

    assert 'd="M0 0M300 105"' in page
    assert 'd="M0 0L150 70L300 70"' in page


def test_a_page_of_a_batch_has_no_pictures_of_this_kind():
    assert 'id="seen"' not in learner_page(report())


def test_a_chart_has_a_row_for_everyone_and_for_each_section():
    page = "".join(class_page(summary(), ROWS))

    assert page.count('<svg width="100%"') == 1
    assert 'aria-label="Scores in Dropout. Everyone: 3 scores, median 6 of 8; A: 2 scores, median 7 of 8; ' in page
    assert page.count('class="name"') == 3


def test_a_chart_of_many_sections_shows_the_largest_and_says_how_many_it_leaves_out():
    sections = tuple(ScoreDistribution(f"s{n}", n, 1.0, 1.0, (n, *(0,) * 9)) for n in range(1, 16))
    chart = chart_of_sections(exercise(distributions=(exercise().everyone, *sections)))

    assert [row.name for row in chart.rows] == ["Everyone", *(f"s{n}" for n in range(4, 16))]
    assert chart.more == 3
    assert len(chart.names) == 16


def test_the_page_of_a_hand_in_has_a_text_to_ask_for_a_regrade():
    content = {**report(), "exercise": "03_dropout", "title": "Dropout"}
    text = regrade_request(content, HandedIn("Ada Ash", "dropout.py", "2026-11-24 10:05:00 UTC"))

    assert "Request for a regrade: Dropout (03_dropout)\n" in text
    assert "\nFile: dropout.py\nSubmitted: 2026-11-24 10:05:00 UTC\nReport: " in text
    assert "points. I ask you to look at this again:\n- " in text
    assert text.endswith("\nReason: ")


def test_after_a_fault_of_the_grader_a_request_for_a_regrade_names_no_points():
    assert " points" not in regrade_request(without_points(report()), HandedIn("Ada Ash", "dropout.py"))


def test_a_page_outside_a_batch_has_no_request():
    assert "Request a regrade" not in learner_page(report())


def test_a_long_file_is_cut_and_the_page_says_so():
    listing = source_listing("x = 1\n" * 3005, {"problems": [], "criteria": []})

    assert listing.markup.count('class="number"') == 3000
    assert "5 more lines are not shown." in learner_page(report(), sources={"a.py": listing})
