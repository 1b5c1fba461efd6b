"""Each export, read as its receiving program reads it."""

import csv
import io
import json

import pytest

from grader.report.exports import (
    Columns,
    ExerciseGrade,
    GradebookRow,
    NoScore,
    class_files,
    formats,
    report_files,
    total_grade,
)
from grader.report.exports.formats.canvas import canvas_header, canvas_row
from grader.report.exports.formats.gradebook import gradebook_header, gradebook_row
from grader.report.exports.formats.gradescope_results import to_gradescope
from grader.report.exports.formats.junit import JUNIT_END, JUNIT_START, to_junit_suite
from grader.report.exports.formats.moodle import MOODLE_HEADER, moodle_row
from tests.needs import needs

NASTY = [
    "=cmd|' /C calc'!A0",
    'O"Neil, Ann\nB',
    "Zoë Ünal",
    "-1+1",
    "\x1b[2J</testcase>",
    "a\ud800b".encode("utf-8", "replace").decode(),
]


def written(rows, encoding="utf-8"):
    """Return rows after a way through a file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return list(csv.reader(io.StringIO(buffer.getvalue().encode(encoding).decode(encoding), newline="")))


COLUMNS = Columns({"02_pooling": "Pooling", "03_dropout": "Dropout"}, {"02_pooling": 12, "03_dropout": 8}, {})


def test_every_format_has_its_files():
    assert [file.name for file in class_files(COLUMNS)] == [
        "canvas.csv", "gradebook.csv", "junit.xml", "moodle.csv", "moodle/02_pooling.csv", "moodle/03_dropout.csv",
    ]  # fmt: skip
    assert [file.name for file in report_files()] == [
        "gradescope/{learner}/{exercise}/results.json",
        "reports/{learner}/{exercise}.html",
    ]


def test_a_new_file_in_the_folder_of_formats_is_a_new_format(tmp_path, monkeypatch):
    (tmp_path / "names.py").write_text(
        "from grader.report.exports import ClassFile, ReportFile\n"
        "def class_files(columns):\n"
        "    return [ClassFile('names.txt', of_learner=lambda row: f'{row.learner}\\n')]\n"
        "REPORT_FILE = ReportFile('{learner}.txt', lambda report, standing: report['title'])\n"
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])

    (file,) = (one for one in class_files(COLUMNS) if one.name == "names.txt")
    assert file.of_learner(GradebookRow("anna")) == "anna\n"
    assert "{learner}.txt" in [one.name for one in report_files()]


@pytest.mark.parametrize(
    ("grades", "total"),
    [
        ({}, None),
        ({"a": ExerciseGrade(8, 4, 3, 1), "b": ExerciseGrade(2, 2, 2)}, ExerciseGrade(10, 6, 5, 1)),
        ({"a": ExerciseGrade(8, 4, 3, 1)}, ExerciseGrade(10, 4, 3, 1)),
        (
            {"a": ExerciseGrade(8, 4, 3), "b": ExerciseGrade(2, no_score=NoScore.REFUSED)},
            ExerciseGrade(10, no_score=NoScore.REFUSED),
        ),
        (
            {"a": ExerciseGrade(8, no_score=NoScore.GRADER_FAULT), "b": ExerciseGrade(2, no_score=NoScore.REFUSED)},
            ExerciseGrade(10, no_score=NoScore.GRADER_FAULT),
        ),
    ],
    ids=["nothing", "both", "one is missing", "one was refused", "one has a fault of the grader"],
)
def test_a_total_is_unknown_if_a_part_of_it_is(grades, total):
    assert total_grade(grades, ["a", "b"], {"a": 8, "b": 2}) == total


# Canvas: canvas-lms, lib/gradebook_importer.rb


class CanvasImporter:
    """The import of Canvas: which scores of which learners and assignments it takes."""

    def __init__(self, rows, assignments, students):
        header = rows[0]
        assert len(header) > 3
        assert "Student" in header[0]
        assert "ID" in header[1]
        columns = 3
        if "SIS User ID" in header[2] and "SIS Login ID" in header[3]:
            columns += 2
        assert "Section" in header[columns - 1]
        self.columns = {}
        self.new_assignments = []
        for at, title in enumerate(header[columns:], columns):
            number = title.rpartition(" (")[2].removesuffix(")") if title.endswith(")") else ""
            if number.isdigit() and int(number) in assignments:
                self.columns[at] = int(number)
            elif title in assignments.values():
                self.columns[at] = next(key for key, value in assignments.items() if value == title)
            else:
                self.new_assignments.append(title)
        self.possible, self.scores, self.new_students = {}, {}, []
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.possible = {key: float(row[at]) for at, key in self.columns.items()}
                continue
            student = int(row[1]) if row[1].isdigit() else None
            if student not in students:
                student = next((key for key, value in students.items() if row[2] and value[0] == row[2]), None)
            if student is None:
                student = next((key for key, value in students.items() if value[1] == row[0]), None)
            if student is None:
                self.new_students.append(row[0])
                continue
            for at, key in self.columns.items():
                if row[at].strip():
                    self.scores[student, key] = float(row[at])


def test_canvas_imports_it():
    titles = {"02_pooling": "Exercise 2: Pooling (12)", "03_dropout": "Exercise 3: Dropout (4711)"}
    rows = canvas_header(titles, {"02_pooling": 12, "03_dropout": 8})
    people = [
        GradebookRow("1234", "Doe, Jane", platform_id="1234", grades={"03_dropout": ExerciseGrade(8, 7.5, 7.5)}),
        GradebookRow("s-2", NASTY[0], sis_user="s-2", section="A", grades={"03_dropout": ExerciseGrade(8, 8, 6.4, 2)}),
        GradebookRow(
            "x", NASTY[1], grades={"03_dropout": ExerciseGrade(8, 0.0, 0.0), "02_pooling": ExerciseGrade(12, 3, 3)}
        ),
        GradebookRow(
            "99", "Fault", platform_id="99", grades={"03_dropout": ExerciseGrade(8, no_score=NoScore.GRADER_FAULT)}
        ),
        GradebookRow("98", "Missing", platform_id="98"),
    ]
    rows += [canvas_row(person, titles) for person in people]
    students = {1234: ("", ""), 2: ("s-2", ""), 3: ("", NASTY[1]), 99: ("", ""), 98: ("", "")}
    canvas = CanvasImporter(written(rows), {12: "Pooling", 4711: "Dropout"}, students)
    assert (canvas.new_assignments, canvas.new_students) == ([], [])
    assert canvas.possible == {12: 12, 4711: 8}
    assert canvas.scores == {(1234, 4711): 7.5, (2, 4711): 6.4, (3, 4711): 0, (3, 12): 3}  # a fault or nothing: no zero
    assert rows[1][0] == "    Points Possible"


# Moodle: mod/assign/feedback/offline/importgradeslib.php


def moodle_import(rows, participants):
    """Return grade and feedback by user. Lines of participants who are not enrolled are left out."""
    header = rows[0]
    grade, identifier, modified = (header.index(name) for name in ("Grade", "Identifier", "Last modified (grade)"))
    feedback = header.index("Feedback comments")
    taken = {}
    for row in rows[1:]:
        unique = row[identifier][len("Participant ") :]
        if unique in participants:
            assert row[modified]
            taken[participants[unique]] = (row[grade], row[feedback])
    return taken


def test_moodle_imports_it():
    rows = [MOODLE_HEADER]
    people = [
        (GradebookRow("123", "Jane Doe", "j@x.org"), ExerciseGrade(8, 8, 6.4, 2, causes=("All criteria are met.",))),
        (
            GradebookRow("124", NASTY[0]),
            ExerciseGrade(8, 7.5, 7.5, causes=("Not yet: a < b.", "f is not written yet.")),
        ),
        (GradebookRow("125", NASTY[1]), ExerciseGrade(8, no_score=NoScore.GRADER_FAULT)),
        (GradebookRow("126"), None),
        (GradebookRow("stranger"), ExerciseGrade(8, 1, 1)),
    ]
    rows += [moodle_row(row, grade, 8) for row, grade in people]
    participants = {"123": "jane", "124": "b", "125": "c", "126": "d"}
    taken = moodle_import(written(rows), participants)
    assert taken == {
        "jane": ("6.4", "All criteria are met.<br>2 days late: 6.4 of 8 points count."),
        "b": ("7.5", "Not yet: a &lt; b.<br>f is not written yet."),
        "c": ("", ""),
        "d": ("", ""),
    }


# The table for spreadsheets


def test_gradebook_keeps_raw_and_final():
    criteria = {"03_dropout": ["drops", "scales"]}
    grade = ExerciseGrade(8, 8.0, 6.4, 2, criteria={"drops": 1.5, "scales": 1.0})
    rows = [gradebook_header(criteria)]
    rows += [gradebook_row(GradebookRow("anna", NASTY[2], grades={"03_dropout": grade}), criteria)]
    rows += [
        gradebook_row(GradebookRow("=bob"), criteria),
        gradebook_row(GradebookRow("c", grades={"03_dropout": ExerciseGrade(8, no_score=NoScore.REFUSED)}), criteria),
    ]
    header, anna, bob, cleo = written(rows, "utf-8-sig")
    assert dict(zip(header, anna, strict=True)) == {
        "learner": "anna", "name": "Zoë Ünal", "email": "", "section": "", "03_dropout raw": "8",
        "03_dropout late days": "2", "03_dropout final": "6.4", "03_dropout possible": "8", "03_dropout note": "",
        "03_dropout drops": "1.5", "03_dropout scales": "1",
    }  # fmt: skip
    assert bob == ["'=bob", "", "", "", "", "", "", "", "missing", "", ""]
    assert cleo == ["c", "", "", "", "", "", "", "8", "refused: index.html says why", "", ""]


# Gradescope: Autograder Specifications, "Output Format"

VISIBILITIES = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
GRADESCOPE = {
    "type": "object",
    "required": ["score", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "visibility": VISIBILITIES,
        "stdout_visibility": VISIBILITIES,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["score", "max_score"],
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITIES,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def report(*checks, earned=1.5, hint="Look again.", faults=(), same_cause_as=None, carried_forward=()):
    listed = [
        {"name": name, "function": "f", "title": f"Does {name}", "verdict": verdict, "message": message}
        for name, verdict, message in checks
    ]
    criterion = {
        "id": "drops", "title": "Drops units", "earned": earned, "possible": 2, "bonus": False, "hint": hint, "checks": listed,
        "same_cause_as": same_cause_as, "carried_forward": list(carried_forward),
    }  # fmt: skip
    return {
        "exercise": "03_dropout", "title": "Dropout", "score": {"earned": earned, "possible": 2}, "problems": [],
        "criteria": [criterion], "sha256": "0" * 64, "course": {"hash": "1" * 64, "seed": 0}, "isolation": "namespaces",
        "grader_faults": list(faults),
    }  # fmt: skip


CHECKS = (
    ("test_a", "passed", ""),
    ("test_b", "failed", "y is \x1b[2J <3 & ]]> expected 4\nfor x = 1"),
    ("test_c", "not_run", "f is missing"),
    ("test_d", "grader_fault", "ours"),
)


def test_gradescope_accepts_it():
    jsonschema = needs("jsonschema", "the judge of our JSON")
    results = json.loads(to_gradescope(report(*CHECKS)))
    jsonschema.validate(results, GRADESCOPE)
    (test,) = results["tests"]
    assert (results["score"], test["score"], test["max_score"], test["status"]) == (1.5, 1.5, 2, "failed")
    assert "expected 4" in test["output"]
    assert "Look again." in test["output"]


def test_gradescope_shows_a_criterion_that_was_charged_elsewhere_with_its_points():
    sentence = 'Same cause as "Scales" above; no points lost.'
    content = report(*CHECKS[:2], earned=2, hint=None, same_cause_as="scales", carried_forward=[sentence])
    (test,) = json.loads(to_gradescope(content))["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (2, 2, "passed")
    assert test["output"].startswith(sentence)


def test_gradescope_gets_neither_score_nor_tests_with_a_fault_of_the_grader():
    jsonschema = needs("jsonschema", "the judge of our JSON")
    results = json.loads(to_gradescope(report(*CHECKS, faults=[{"check": "test_d", "message": "ours"}])))
    jsonschema.validate(results, {**GRADESCOPE, "required": ["output"]})
    assert results.keys() & {"score", "tests"} == set()
    assert results["output"] == "Dropout: no score, because the grader broke. It will be graded again."


def test_junit_says_once_why_nothing_ran():
    problem = {"line": 3, "message": "importing f.py raised ValueError: a\n| b"}
    text = to_junit_suite("a", {**report(("test_c", "not_run", "the file could not be run")), "problems": [problem]})
    assert "<system-err>| Line 3: importing f.py raised ValueError: a\n| | b</system-err>\n</testsuite>" in text


@pytest.mark.parametrize("learner", NASTY)
def test_junit_is_read_by_its_reader(learner, tmp_path):
    path = tmp_path / "junit.xml"
    suites = to_junit_suite(learner, report(*CHECKS)) + to_junit_suite("b", report(CHECKS[0]))
    path.write_text(JUNIT_START + suites + JUNIT_END, encoding="utf-8")
    judge = needs("junitparser", "the judge of our JUnit XML")
    xml = judge.JUnitXml.fromfile(str(path))
    first, second = list(xml)
    assert (first.tests, first.failures, first.skipped, first.errors) == (4, 1, 1, 1)
    assert (second.tests, second.failures) == (1, 0)
    kinds = [[type(one) for one in case.result] for case in first]
    assert kinds == [[], [judge.Failure], [judge.Skipped], [judge.Error]]
    failed = list(first)[1]
    assert failed.name == "test_b"
    assert failed.result[0].text == "y is \\x1b[2J <3 & ]]> expected 4\nfor x = 1"
    assert failed.classname.startswith("03_dropout.")


def test_junit_has_the_form_of_pytest(pytester_like_xml):
    """The same elements in the same order, and no attribute that pytest would not write."""
    ours = JUNIT_START + to_junit_suite("a", report(*CHECKS[:3])) + JUNIT_END
    import xml.etree.ElementTree as ElementTree

    theirs = {(node.tag, name) for node in ElementTree.fromstring(pytester_like_xml).iter() for name in node.attrib}
    mine = {(node.tag, name) for node in ElementTree.fromstring(ours.encode()).iter() for name in node.attrib}
    assert mine <= theirs | {("testsuites", "name")}


@pytest.fixture
def pytester_like_xml(tmp_path):
    """Return what pytest writes about a passed, a failed and a skipped test."""
    import subprocess
    import sys

    (tmp_path / "test_x.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\ndef test_c(): pytest.skip('x')\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(tmp_path), "--junitxml", "x.xml", "test_x.py"],
        cwd=tmp_path, check=False, capture_output=True,
    )  # fmt: skip
    return (tmp_path / "x.xml").read_bytes()
