"""`grade explain`: the inputs, the answers and the right answers behind a grade, computed again in the sandbox."""

import re
import shutil
import sqlite3

import numpy as np
import pytest

from grader.batch import ClassSettings, run_class
from tests.batch.small_class import FILES, grade_class, grade_says, texts_in, without_workers
from tests.batch.stand_in import ROOT
from tests.batch.test_regrade import break_report

__all__ = ["without_workers"]
RAISES = """
import numpy as np


def dropout_backward(dy, mask):
    return dy * mask / 2


def dropout_moments(x, rate):
    return x[999]
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return the folder of a graded class, which no test changes."""
    home = tmp_path_factory.mktemp("graded")
    (home / "input" / "ada").mkdir(parents=True)
    (home / "input" / "bob").mkdir()
    (home / "input" / "ada" / "dropout.py").write_text(RAISES, encoding="utf-8")
    (home / "input" / "bob" / "dropout.py").write_text("import numpy as np\nx = 1 / 0\n", encoding="utf-8")
    run_class(ClassSettings(home / "input", home / "out", ROOT, seed=5, workers=1), lambda progress: None)
    return home


@pytest.fixture
def copied(graded, tmp_path):
    """Return a copy of the graded class, whose journal names the copied submissions."""
    shutil.copytree(graded, tmp_path / "home")
    with sqlite3.connect(tmp_path / "home" / "out" / "journal.db") as database:
        database.execute("UPDATE run SET request = replace(request, ?, ?)", (str(graded), str(tmp_path / "home")))
    return tmp_path / "home"


def test_a_grade_after_a_fault_of_the_grader_has_no_score(copied, capsys):
    break_report(copied / "out", "ada")
    said = grade_says(capsys, "explain", copied / "out", "ada", 3, "--check", "backward")

    assert re.search(r"^Report +no score\nCounts +no score\n", said, re.MULTILINE)
    assert "Sends the gradient through the units that were on: no score\n" in said


def test_inputs_answers_and_differences_are_shown_in_full(graded, capsys):
    said = grade_says(capsys, "explain", graded / "out", "ada", 3, "--check", "backward")

    assert "For the instructor only" in said
    assert re.search(r"Seed +5\n", said)
    assert "Compute it again  grade exercise 03_dropout dropout.py --seed 5" in said
    assert "Verdict when it was graded: failed. Verdict now: failed." in said
    call = said.partition("-- Call 1")[2].partition("-- Call 2")[0]
    arrays = {
        name: np.array(eval(numbers.replace("|", "")))  # our own output
        for name, numbers in re.findall(
            r"^([^|\n]+?)(?: \(.*\))?, float64 of shape .*:\n((?:\|.*\n)+)", call, re.MULTILINE
        )
    }
    dy, mask = arrays["Input dy"], arrays["Input mask"]
    assert np.array_equal(arrays["Got dx"], dy * mask / 2)
    assert np.array_equal(arrays["Expected dx"], dy * mask)
    assert np.array_equal(arrays["Got - expected for dx"], dy * mask / 2 - dy * mask)


def test_the_line_that_raised_is_shown(graded, capsys):
    said = grade_says(capsys, "explain", graded / "out", "ada", "dropout", "--check", "test_mean")

    assert "| line 10:     return x[999]" in said
    assert "| IndexError: index 999 is out of bounds" in said


def test_each_check_that_did_not_pass_is_explained_and_the_page_says_the_same(graded, capsys):
    said = grade_says(capsys, "explain", graded / "out", "ada", 3)
    page = (graded / "out" / "explain" / "ada" / "03_dropout.html").read_text(encoding="utf-8")

    for text in ("test_mean", "test_backward", "Got - expected for dx", "line 10:", "For the instructor only"):
        assert text in said
        assert text in page
    assert "explain/ada/03_dropout.html" in said
    assert not re.search(r"https?://", page)


def test_nothing_else_in_the_results_shows_a_right_answer(graded, capsys):
    before = {name for name in texts_in(graded / "out") if not name.startswith("explain/")}
    grade_says(capsys, "explain", graded / "out", "ada", 3, "--check", "backward")

    assert {name for name in texts_in(graded / "out") if not name.startswith("explain/")} == before
    assert "explain" not in (graded / "out" / "index.html").read_text(encoding="utf-8")


def test_a_file_that_could_not_run_is_explained_by_its_problem(graded, capsys):
    said = grade_says(capsys, "explain", graded / "out", "bob", 3)

    assert "Nothing could be run:" in said
    assert "| importing dropout.py raised ZeroDivisionError: division by zero" in said


def test_a_changed_file_is_told_and_the_graded_one_is_explained(copied, capsys):
    (copied / "input" / "ada" / "dropout.py").write_text(RAISES.replace("999", "888"), encoding="utf-8")
    said = grade_says(capsys, "explain", copied / "out", "ada", 3, "--check", "test_mean")

    assert "Note: ada/dropout.py has changed since it was graded. This is about the file that was graded." in said
    assert "line 10:     return x[999]" in said


def test_a_folder_that_is_gone_is_told_and_the_graded_file_is_explained(copied, capsys):
    shutil.rmtree(copied / "input")
    said = grade_says(capsys, "explain", copied / "out", "ada", 3, "--check", "test_mean")

    assert "ada/dropout.py is no longer where it was in" in said
    assert "line 10:     return x[999]" in said


def test_another_package_and_another_course_are_told(copied, capsys):
    with sqlite3.connect(copied / "out" / "journal.db") as database:
        database.execute(
            "UPDATE graded SET course_hash = ?, report = replace(report, ?, ?)",
            ("0" * 64, '"numpy": "', '"numpy": "0.'),
        )
        database.execute("UPDATE graded SET report = replace(report, ?, ?)", ('"hash": "', f'"hash": "{"0" * 64}'))
        database.execute("UPDATE entry SET course_hash = ?", ("0" * 64,))
    said = grade_says(capsys, "explain", copied / "out", "ada", 3, "--check", "test_mean")

    assert re.search(r"Note: The package has changed since this was graded: numpy 0\.\S+ to \d", said)
    assert "Note: The course or the grader has changed since this was graded" in said


def test_the_same_bytes_of_two_learners_are_looked_for_at_each_own_place(tmp_path, capsys):
    for name in ("ada", "bob"):
        (tmp_path / "input" / name).mkdir(parents=True)
        (tmp_path / "input" / name / "dropout.py").write_text(RAISES, encoding="utf-8")
    settings = ClassSettings(tmp_path / "input", tmp_path / "out", ROOT, seed=5, workers=1)
    run_class(settings, lambda progress: None)
    (tmp_path / "input" / "ada" / "dropout.py").unlink()

    assert "no longer" not in grade_says(capsys, "explain", settings.out, "bob", 3, "--check", "test_mean")
    assert "ada/dropout.py is no longer" in grade_says(
        capsys, "explain", settings.out, "ada", 3, "--check", "test_mean"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("aba", 3), 'has no learner "aba". Did you mean "ada"?'),
        (("ada", 3, "--check", "test_maen"), '03_dropout has no check "test_maen". Did you mean "test_mean"?'),
        (("ada", 2), "ada has no submission for 02_pooling.\n"),  # reading changes nothing, so nothing is said of it
    ],
)
def test_a_name_that_is_unknown_is_refused(arguments, said, graded, capsys):
    assert said in grade_says(capsys, "explain", graded / "out", *arguments, code=2)


@pytest.mark.usefixtures("without_workers")
def test_files_that_were_not_kept_are_told_with_the_way_out(tmp_path, capsys):
    grade_class(tmp_path, {**FILES, "cy/dropout.py": "stub"})
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        database.execute("DELETE FROM source")

    said = grade_says(capsys, "explain", tmp_path / "out", "ada", 3, code=2)
    assert "do not have the files of ada for 03_dropout" in said
    assert "grade exercise 03_dropout FILE --seed 3" in said
    said = grade_says(capsys, "explain", tmp_path / "out", "cy", 3, code=2)
    assert "cy has no report of 03_dropout, so there is nothing to explain" in said


@pytest.mark.parametrize(("options", "called"), [({}, "ada (Ada Lovelace)"), ({"anonymous": True}, "anon-")])
def test_the_name_in_the_roster_is_shown_unless_pseudonyms_are_used(options, called, tmp_path, capsys):
    """A part of the name is enough for an offer, but pseudonyms stay secret."""
    grade_class(tmp_path, roster="id,name\nada,Ada Lovelace\n", **options)
    said = grade_says(capsys, "explain", tmp_path / "out", "ada", 3, "--check", "test_mean")
    assert said.startswith(f"Dropout: {called}")
    assert ("Lovelace" in said) == (not options)
    offer = grade_says(capsys, "explain", tmp_path / "out", "lovelac", 3, code=2)
    assert ("Did you mean ada (Ada Lovelace)?" in offer) == (not options)
