"""The question for PrairieLearn, run in a folder laid out like /grade.

The fields are those of its page on external grading, and of the element that shows the results.
"""

import json
import re

import pytest

from tests.platforms.conftest import HOSTILE, WALLS, hand_in, package, unpack

IN_NAMESPACES = (
    "Isolation: the program ran in namespaces of its own, with a filter for system calls and limits on time and memory."
)
QUESTION = "questions/01_double"


@pytest.fixture
def grader(container, run_script):
    """`grader(program)` grades a program in a fresh folder, and returns what PrairieLearn reads."""

    def _run(program, refused="", spoil=lambda root: None, **variables):
        root = container / "grade"
        unpack(package("prairielearn"), container / "course")
        root.mkdir()
        (container / "course" / QUESTION / "tests").rename(root / "tests")
        (root / "data").mkdir()
        (root / "data" / "data.json").write_text("{}")
        (root / "student").mkdir()
        if program is not None:
            hand_in(program, root / "student")
        spoil(root)
        done = run_script(root / "tests" / "run_autograder", refused, GRADE_ROOT=root, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads((root / "results" / "results.json").read_text(encoding="utf-8")), done

    return _run


def test_a_right_program_fills_every_field(grader):
    results, done = grader("right")

    assert results == {
        "succeeded": True,
        "gradable": True,
        "score": 1.0,
        "message": f"Doubling: 5 of 5 points and 1 bonus.\n{IN_NAMESPACES}",
        "output": "",
        "tests": [
            {"name": "Doubles every number", "points": 3, "max_points": 3, "message": "Holds.", "output": ""},
            {"name": "Splits a number into two parts", "points": 2, "max_points": 2, "message": "Holds.", "output": ""},
            {
                "name": "Halves every number (bonus)",
                "points": 0,
                "max_points": 0,
                "message": "Holds. 1 of 1 bonus points, which are not part of the score.",
                "output": "",
            },
        ],
    }
    assert done.stdout == f"Doubling: 5 of 5 points and 1 bonus.\n{IN_NAMESPACES}\n"


def test_a_wrong_program_reads_why(grader):
    results, _ = grader("adds_two")

    assert (results["score"], results["gradable"], results["succeeded"]) == (0.4, True, True)
    doubles, splits, halves = results["tests"]
    assert (doubles["points"], doubles["max_points"], doubles["message"]) == (0, 3, "Not yet.")
    assert "10 = 2 * 5" in doubles["output"]
    assert (splits["points"], splits["max_points"], splits["message"], splits["output"]) == (2, 2, "Holds.", "")
    assert (halves["points"], halves["max_points"]) == (0, 0)
    assert halves["message"] == "Not yet. 0 of 1 bonus points, which are not part of the score."


def test_the_points_of_the_tests_add_up_to_the_score(grader):
    results, _ = grader("adds_two")
    earned, possible = (sum(test[name] for test in results["tests"]) for name in ("points", "max_points"))

    assert earned / possible == results["score"]


@pytest.mark.thorough
@pytest.mark.parametrize("refused", WALLS)
def test_a_hostile_program_earns_nothing_and_reads_nothing(grader, refused):
    results, done = grader(HOSTILE, refused)

    assert (results["score"], results["gradable"], results["succeeded"]) == (0.4, True, True)
    assert "SystemError" not in json.dumps(results)
    assert not re.search("[\x1b\r\u2028\u202e]", json.dumps(results, ensure_ascii=False))
    assert ("could be forged" in results["message"]) == bool(refused)
    assert "::notice" not in done.stdout


def test_what_a_program_prints_is_shown_without_its_commands(grader):
    results, _ = grader("prints")

    assert results["output"] == "\\x1b[2Jloaded\n"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("program", "words"),
    [
        (None, "student is a folder without double.py: it is empty."),
        ("def double(x:\n    return 2 * x + 1 + 2 + 3\n", "Line 1: Python cannot read this line: '(' was never closed"),
        ("raise ValueError('no') # a comment that is long enough\n", "importing double.py raised ValueError: no"),
    ],
    ids=["nothing", "no Python", "raises"],
)
def test_a_file_that_cannot_run_takes_no_attempt_and_says_why(grader, program, words):
    results, _ = grader(program)

    assert (results["gradable"], results["succeeded"]) == (False, True)
    assert results.keys() & {"score", "tests"} == set()
    (error,) = results["format_errors"]
    assert words in error


def broken_check(root):
    path = root / "tests" / "job" / "course" / "tests" / "hidden" / "01_double" / "test_double.py"
    path.write_text(path.read_text().replace("x = rng.normal(size=(3, 2))", "x = missing"))


def broken_job(root):
    (root / "tests" / "job" / "job.json").write_text("{}")


@pytest.mark.thorough
@pytest.mark.parametrize("spoil", [broken_check, broken_job])
def test_a_fault_of_the_grader_takes_no_attempt_and_opens_an_issue(grader, spoil):
    results, _ = grader("right", spoil=spoil)
    is_fault(results)


@pytest.mark.thorough
def test_a_grader_that_is_killed_takes_no_attempt(grader, tmp_path):
    program = tmp_path / "broken" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    results, _ = grader("right", GRADE_ENVIRONMENT=tmp_path / "broken")

    is_fault(results)


def is_fault(results):
    assert results.keys() == {"succeeded", "gradable", "message", "format_errors"}
    assert (results["succeeded"], results["gradable"]) == (False, False)
    assert results["message"].startswith("No score: the grader broke. This is not your fault")
    assert results["format_errors"] == [results["message"]]


def test_the_package_is_a_question_and_an_image(tmp_path):
    unpack(package("prairielearn"), tmp_path)
    info = json.loads((tmp_path / QUESTION / "info.json").read_text())
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}

    assert info == {
        "uuid": info["uuid"],
        "title": "Doubling",
        "topic": "Doubling",
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": "cnn-grader:0.1.0",
            "entrypoint": "/grade/tests/run_autograder",
            "timeout": 120,
        },
    }
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
    assert (
        '<pl-file-upload file-names="double.py"></pl-file-upload>'
        in (tmp_path / QUESTION / "question.html").read_text()
    )
    assert {"image/Dockerfile", "image/install.sh", f"{QUESTION}/clientFilesQuestion/double.py"} <= names
    assert not [name for name in names if "solutions" in name and not name.startswith(f"{QUESTION}/tests/")]


def test_a_question_keeps_its_id_when_it_is_exported_again(tmp_path):
    ids = set()
    for name in ("one", "two"):
        unpack(package("prairielearn"), tmp_path / name)
        ids.add(json.loads((tmp_path / name / QUESTION / "info.json").read_text())["uuid"])

    assert len(ids) == 1


def test_an_exercise_that_trains_has_the_time_that_prairielearn_allows_and_its_data(tmp_path):
    from tests.grading import ROOT

    unpack(package("prairielearn", ROOT, "5"), tmp_path)
    question = tmp_path / "questions" / "05_keras_cnn"

    assert json.loads((question / "info.json").read_text())["externalGradingOptions"]["timeout"] == 600
    assert (question / "clientFilesQuestion" / "digits.npz").is_file()
    assert 'optional-file-names="convolution.py,pooling.py,batch_norm.py"' in (question / "question.html").read_text()
    assert (tmp_path / "image" / "extra").read_text() == "[keras]"
